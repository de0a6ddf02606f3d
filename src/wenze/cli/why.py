"""A tree of reasons as text: which conditions to show, and the tree drawn beside them.

Rich draws trees as well; this draws the same lines in a third of the time, of which there are a thousand in a determination.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from wenze.law import Reason, State, Words, on_screen

STYLES = {
    State.MADE_OUT: "bold green",
    State.OPEN: "yellow",
    State.NOT_MADE_OUT: "dim",
    State.NOT_APPLICABLE: "dim",
    State.CONTRADICTORY: "bold red",
}
_BARE = {"all", "any", "see"}  # operators that say nothing of their own when one child decides
_LEAST = 8  # columns for a condition however deep it stands; rather beyond the edge than not at all
_FORK, _LAST, _PAST, _BLANK = "├── ", "└── ", "│   ", "    "


class Branch(NamedTuple):
    """A reason, and the branches shown below it."""

    reason: Reason
    below: tuple[Branch, ...]


def whole_tree(reason: Reason) -> Branch:
    """Every condition there is."""
    return _branch(reason, lambda one: [] if one.negates_leaf else list(one.children))


def folded_tree(reason: Reason) -> Branch:
    """The conditions that decide. A bare operator with one deciding condition gives way to that condition."""
    return _branch(reason, _deciding)


def _branch(reason: Reason, below: Callable[[Reason], list[Reason]]) -> Branch:
    shown = below(reason)
    return Branch(reason, tuple([Branch(one, ()) if one.kind == "rule" else _branch(one, below) for one in shown]))


def _deciding(reason: Reason) -> list[Reason]:
    if reason.negates_leaf or (reason.kind == "gate" and reason.state is State.MADE_OUT):
        return []
    children: list[Reason] = []
    for child in (_through(child) for child in reason.deciding() if not child.asks_nothing):
        same = child.kind == {"rule": "all", "exception": "all"}.get(reason.kind, reason.kind) and child.kind in _BARE
        children += _deciding(child) if same and not child.quotes and not child.mark else [child]
    return children


def _through(reason: Reason) -> Reason:
    while reason.kind in _BARE and not reason.quotes and not reason.mark:
        deciding = reason.deciding()
        if len(deciding) != 1:
            break
        reason = deciding[0]
    return reason


# Drawing


def write_tree(branch: Branch, words: Words, console: Console) -> None:
    """One line a branch; what is too long goes on inside its guides, for soft wrapping would break them."""
    drawn = Text()
    for number, (guides, line) in enumerate(_lines(branch, words, console)):
        drawn.append("\n" if number else "")
        for guide in guides:
            drawn.append(guide, "dim")
        drawn.append_text(line)
    console.print(drawn, highlight=False, soft_wrap=True)


def _lines(
    branch: Branch, words: Words, console: Console, guides: tuple[str, ...] = (), last: bool = True
) -> Iterator[tuple[tuple[str, ...], Text]]:
    """Each line with the guides before it. `last`: no sister follows."""
    past = (*guides[:-1], _BLANK if last else _PAST) if guides else ()
    for number, line in enumerate(
        _wrapped(branch.reason, words, console, max(_LEAST, console.width - 4 * len(guides)))
    ):
        yield past if number else guides, line
    for number, below in enumerate(branch.below, 1):
        ends = number == len(branch.below)
        yield from _lines(below, words, console, (*past, _LAST if ends else _FORK), ends)


def _wrapped(reason: Reason, words: Words, console: Console, width: int) -> list[Text]:
    said = words.reason(reason.children[0] if reason.negates_leaf else reason)
    shown = f"{words.sign(reason.state)} {on_screen(said) if words.lang == 'zh' else said}"
    held = reason.kind == "rule" and words.verdict_within(reason) == words.guarded()
    text = Text(shown, STYLES[State.OPEN if held else reason.state])
    fits = cell_len(shown) <= width and "\n" not in shown and "\t" not in shown
    return [text] if fits else list(text.wrap(console, width))
