"""The steps of a procedure as a picture: what goes before what, where a case stands. Needs nothing but itself.

Steps stand in rows by how many others must go before; a line leads from each step a requirement names to the step that
requires it. The titles say who takes a step and by which article.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import htpy as h
from markupsafe import Markup

from wenze.law import Standing, Step, Table
from wenze.page.tongue import Tongue

_WIDE, _HIGH, _ACROSS, _DOWN, _EDGE = 196, 40, 28, 44, 24  # pixels: a box, the gaps, the margin
_COLUMNS = 5  # boxes side by side; a wider row is broken
_STYLE = """
text { font: 14px system-ui, "Noto Sans SC", "Noto Sans CJK SC", sans-serif; fill: #1b1b1b }
.small { font-size: 11px; fill: #555 }
rect { fill: #fff; stroke: #555; rx: 6px }
.done rect { fill: #dcefe0; stroke: #2d6a3e }
.open rect { fill: #fff6d6; stroke: #8a6a00; stroke-width: 2px }
.side rect { stroke-dasharray: 5 3 }
.ends rect { stroke-width: 3px }
path { fill: none; stroke: #8a8a8a }
.faint { opacity: .35 }
@media (prefers-color-scheme: dark) {
  svg { background: #16181b } text { fill: #eee } .small { fill: #aaa }
  rect { fill: #22262b; stroke: #999 } .done rect { fill: #1f3d29 } .open rect { fill: #453a10 } path { stroke: #777 }
}
"""


@dataclass(frozen=True, slots=True)
class _Box:
    step: Step
    x: int
    y: int


def procedure_graph(table: Table, standing: Standing | None, lang: str) -> str:
    """The picture of a table, in "zh" or "en"; with a standing, what is done and what is open is marked."""
    boxes = _placed(table)
    wide = max((box.x for box in boxes.values()), default=0) + _WIDE + _EDGE
    high = max((box.y for box in boxes.values()), default=0) + _HIGH + _EDGE
    tongue = Tongue(lang)
    svg = h.Element("svg")(
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {wide} {high}",
        width=str(wide),
        height=str(high),
        lang=lang,
        role="img",
    )[
        h.Element("title")[tongue.say("办理程序", "The procedure")],
        h.Element("style")[Markup(_STYLE)],  # nosec B704: the constant above
        (
            _line(boxes[before], box)
            for box in boxes.values()
            for before in _before(box.step, boxes)
            if boxes[before].y < box.y  # what only leads back is told in words
        ),
        (_box(box, table, standing, tongue) for box in boxes.values()),
    ]
    return str(svg) + "\n"


def _before(step: Step, known: Mapping[str, object]) -> tuple[str, ...]:
    """The steps that a requirement of `step`, asked in every case, names as done."""
    atoms = (atom for asked in step.requirements for part in asked.condition for atom in part)
    named = (atom.name for atom in atoms if atom.kind == "done" and not atom.negated)
    return tuple(name for name in dict.fromkeys(named) if name in known and name != step.id)


def _placed(table: Table) -> dict[str, _Box]:
    """Rows by depth: a step stands below all that go before it, as far as that is no circle."""
    depth: dict[str, int] = {}
    for id, step in table.steps.items():  # in the order of the text, so what goes back is no reason to stand lower
        depth[id] = 1 + max((depth[before] for before in _before(step, table.steps) if before in depth), default=-1)
    rows: list[list[str]] = []
    for level in range(max(depth.values(), default=-1) + 1):
        ids = [id for id in table.steps if depth[id] == level]
        rows += [ids[at : at + _COLUMNS] for at in range(0, len(ids), _COLUMNS)]
    return {
        id: _Box(table.steps[id], _EDGE + column * (_WIDE + _ACROSS), _EDGE + row * (_HIGH + _DOWN))
        for row, ids in enumerate(rows)
        for column, id in enumerate(ids)
    }


def _line(start: _Box, end: _Box) -> h.Node:
    x1, y1, x2, y2 = start.x + _WIDE // 2, start.y + _HIGH, end.x + _WIDE // 2, end.y
    bend = max(abs(y2 - y1) // 2, 18)
    faint = end.step.after_end or end.y - start.y > 4 * (_HIGH + _DOWN)
    return h.Element("path")(
        class_="faint" if faint else None, d=f"M{x1} {y1} C{x1} {y1 + bend} {x2} {y2 - bend} {x2} {y2}"
    )


def _box(box: _Box, table: Table, standing: Standing | None, tongue: Tongue) -> h.Node:
    step = box.step
    roles = tongue.listed([table.roles[said.value].in_(tongue.lang) for said in step.roles])
    about = f"{step.title.in_(tongue.lang)} · {roles} · {step.basis.cite(tongue.lang)} · {step.basis.flag(tongue.lang)}"
    middle = str(box.x + _WIDE // 2)
    return h.Element("g")(class_=" ".join(_marks(step, standing)))[
        h.Element("title")[tongue.text(about)],
        h.Element("rect")(x=str(box.x), y=str(box.y), width=str(_WIDE), height=str(_HIGH)),
        h.Element("text")({"text-anchor": "middle"}, x=middle, y=str(box.y + 18))[_short(step.title.in_(tongue.lang))],
        h.Element("text")({"text-anchor": "middle"}, class_="small", x=middle, y=str(box.y + 33))[_short(roles, 24)],
    ]


def _marks(step: Step, standing: Standing | None) -> Iterable[str]:
    yield "step"
    if step.side:
        yield "side"
    if step.ends:
        yield "ends"
    if standing and standing.opened(step.id):
        yield "open"
    elif standing and any(move.step == step.id for move in standing.history):
        yield "done"


def _short(text: str, length: int = 22) -> str:
    """As much of a text as a box holds; the whole stands in its title. A Chinese character is two wide."""
    shown, width = "", 0
    for char in text:
        width += 1 if char.isascii() else 2
        if width > length + 2:
            return shown + "…"
        shown += char
    return shown
