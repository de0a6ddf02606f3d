"""`wenze diff`: what two versions, or two settings of readings, conclude differently, with an example in words.

Lays out what `wenze.law.compare` found; decides nothing.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from wenze.cli.options import (
    Lang,
    LawDir,
    On,
    chosen_readings,
    day_of,
    language_of,
    library_at,
    problems_told,
    screen,
    usage,
)
from wenze.law import (
    Case,
    Change,
    Comparison,
    Example,
    Law,
    Library,
    Place,
    case_of,
    case_to_json,
    cite,
    compare,
    in_words,
    on_screen,
    readings_in_force,
)

_STATES = {
    "made-out": ("成立", "made out"),
    "not-made-out": ("不成立", "not made out"),
    "not-applicable": ("不适用", "not applicable"),
    "absent": ("无此规则", "no such rule"),
    "yes": ("具备", "holds"),
    "no": ("不具备", "does not hold"),
}
_WHAT = {
    "kind": ("种类", "kind"),
    "modality": ("情态", "modality"),
    "note": ("提示", "note"),
    "guard": ("保障", "guard"),
}
_KINDS = {
    "article": ("条文", "article"),
    "vocabulary": ("词表", "vocabulary"),
    "fact": ("事实", "fact"),
    "define": ("定义", "definition"),
    "rule": ("规则", "rule"),
    "reading": ("解读", "reading"),
    "exception": ("例外", "exception"),
    "note": ("提示", "note"),
    "guard": ("保障", "guard"),
    "duty-source": ("职责来源", "source of duty"),
    "constraint": ("约束", "constraint"),
}
_HOW = {
    "added": ("新增", "added"),
    "removed": ("删去", "removed"),
    "changed": ("改动", "changed"),
    "in-force": ("现行选项", "option in force"),
}


def register(app: typer.Typer) -> None:
    """Puts the command into the program."""
    app.command("diff")(diff_command)


def diff_command(
    old: Annotated[Path, typer.Argument(help="版本文件或规范目录 · a version file, or an instrument's folder")],
    new: Annotated[
        Path | None, typer.Argument(help="不写则为同一版本 · the same version when left out", show_default=False)
    ] = None,
    reading_old: Annotated[
        list[str] | None, typer.Option("--reading-old", help="旧的一方:解读=选项 · READING=OPTION", show_default=False)
    ] = None,
    reading_new: Annotated[
        list[str] | None, typer.Option("--reading-new", help="新的一方:解读=选项 · READING=OPTION", show_default=False)
    ] = None,
    on: On = None,
    lang: Lang = None,
    format: Annotated[str, typer.Option("--format", help="text | json")] = "text",
    law: LawDir = None,
) -> None:
    """两个版本、两种解读下哪些结论会不同 · Which conclusions differ between versions or readings, with examples."""
    language = language_of(lang)
    if format not in {"text", "json"}:
        usage(f"--format {format}: text | json")
    if new is None and not reading_old and not reading_new:
        usage("NEW、--reading-old、--reading-new: 至少一项 · at least one of them")
    with problems_told():
        library, day = library_at(law), day_of(on)
        before = _version(library, old)
        after = _version(library, new) if new else before
        options = [_in_force(law, day, entries) for law, entries in ((before, reading_old), (after, reading_new))]
        found = compare(before, after, *options)
    if format == "json":
        sys.stdout.write(json.dumps(as_json(found), ensure_ascii=False, indent=1) + "\n")
    else:
        DiffReport(found, language, screen()).write()


def _version(library: Library, path: Path) -> Law:
    """The law of a version file, of the newest version in a folder, or of an instrument of the library."""
    if path.is_file():
        return library.read(path)
    if path.is_dir():
        return Library(path.resolve().parent).law(path.resolve().name)
    return library.law(str(path))


def _in_force(law: Law, day: date, entries: list[str] | None) -> dict[str, str]:
    """The options of the readings in force on a day where no case says otherwise, some chosen for the occasion."""
    chosen = chosen_readings(entries)
    nothing = Case("-", law.title, law.id, Place("-", 1))
    return {one.reading: one.option for one in readings_in_force(law, nothing, day, chosen)}


def as_json(found: Comparison) -> dict[str, Any]:
    """The comparison as plain JSON; every example also as a case file for each side that can record it."""
    return {
        "format": "wenze-diff/1",
        "old": _law_json(found.old, dict(found.old_options)),
        "new": _law_json(found.new, dict(found.new_options)),
        "changes": [
            {
                "conclusion": one.name,
                "what": one.what,
                "before": one.before,
                "after": one.after,
                "readings": one.by,
                "follows_from": list(one.through),
                "example": _example_json(found, one.example),
            }
            for one in found.changes
        ],
        "excluded": [
            {
                "constraint": one.constraint,
                "by": one.by,
                "conclusions": list(one.rules),
                "example": _example_json(found, one.example),
            }
            for one in found.excluded
        ],
        "declared": [
            {"kind": one.kind, "name": one.name, "how": one.how, "parts": list(one.parts), "rules": list(one.rules)}
            for one in found.declared
        ],
        "undecided": [
            {"conclusion": name, "before": before, "after": after} for name, before, after in found.undecided
        ],
        "compared_up_to": {name: {"participants": size[0], "events": size[1]} for name, size in found.bounded.items()},
        "readings_not_varied": list(found.unmatched),
    }


def _law_json(law: Law, options: dict[str, str]) -> dict[str, Any]:
    return {"instrument": law.id, "in_force": law.in_force.isoformat(), "digest": law.digest, "readings": options}


def _example_json(found: Comparison, example: Example) -> dict[str, Any]:
    words = in_words(found, example)
    written: dict[str, Any] = {
        "participants": example.size.participants,
        "events": example.size.events,
        "rest": example.rest,
        "answers": [{"zh": one.zh, "en": one.en} for one in words],
    }
    cases = {side: _case(found, example, law) for side, law in (("old", found.old), ("new", found.new))}
    return written | {f"case_{side}": case_to_json(case) for side, case in cases.items() if case}


def _case(found: Comparison, example: Example, law: Law) -> Case | None:
    try:
        return case_of(found, example, law)
    except ValueError:
        return None  # only the other law has words for it


class DiffReport:
    """Writes one comparison to a console in one language."""

    def __init__(self, found: Comparison, lang: str, console: Console) -> None:
        self.found = found
        self.lang = lang
        self.console = console

    def write(self) -> None:
        self._head()
        own = [one for one in self.found.changes if one.own]
        self._heading("结论可能不同", "Conclusions that can come out differently", len(own))
        for change in own:
            self._change(change, _answers(self.found, change.example, self.lang))
        self._following(own)
        self._excluded()
        self._declared()
        self._limits()
        if not self.found.changes and not self.found.excluded and not self.found.undecided:
            self._line(self.say("没有结论会因此不同。", "No conclusion can come out differently."), "bold")

    def say(self, zh: str, en: str) -> str:
        return en if self.lang == "en" else on_screen(zh)

    def _line(self, line: str, style: str = "", indent: int = 0) -> None:
        body = escape(on_screen(line) if self.lang == "zh" else line)
        self.console.print(" " * indent + (f"[{style}]{body}[/]" if style else body), highlight=False, soft_wrap=True)

    def _heading(self, zh: str, en: str, count: int) -> None:
        if count:
            self._line("")
            self._line(f"■ {self.say(zh, en)} {count}", "bold")

    def _head(self) -> None:
        for word, law in ((("旧", "old"), self.found.old), (("新", "new"), self.found.new)):
            self._line(f"{self.say(*word)}{self.say(':', ': ')}{law.title.in_(self.lang)} · {law.in_force}", "bold")
        changed = [one for one in self.found.declared if one.how == "in-force"]
        for one in changed:
            self._line(f"{self.say('解读', 'reading')} {one.name}{self.say(':', ': ')}{one.parts[0]}", "bold")
        self._line(
            self.say(
                "比较的是事实全部查明、名单完整时的结论:在那里相同的,在任何案件中都相同。事实按名称对应,规则和解读按编号对应;"
                "先依双方各自现行的解读,再依双方共有解读的其他选项。每例答案缺一不可。",
                "Compared is what follows once every fact is known and every list complete: what agrees there agrees in every "
                "case. Facts are matched by name, rules and readings by id; first under the readings in force on each side, "
                "then under the other options of readings both have. No answer of an example can be left out.",
            ),
            "dim",
        )

    def _title(self, name: str) -> str:
        """A rule as a reader knows it."""
        rule, _, exception = name.partition("/")
        for law in (self.found.new, self.found.old):
            if rule in law.rules:
                title = law.exceptions[exception].title if exception in law.exceptions else law.rules[rule].title
                return f"{cite(law.rules[rule].anchor, self.lang)} {name} {title.in_(self.lang)}"
        return name

    def _turn(self, change: Change) -> str:
        before, after = (self.say(*_STATES[one]) if one in _STATES else one for one in (change.before, change.after))
        what = f"{self.say(*_WHAT[change.what])} " if change.what in _WHAT else ""
        by = self.say(",依其他解读", ", under other readings") if change.by == "other-readings" else ""
        return f"{what}{before} → {after}{by}"

    def _change(self, change: Change, answers: tuple[str, ...]) -> None:
        self._line(f"{self._title(change.name)}{self.say(':', ': ')}{self._turn(change)}", "bold yellow", 1)
        size = change.example.size
        people = self.say(f"例({size.participants}名参与人", f"example ({size.participants} taking part")
        about = self.say(f",{size.events}个事件)", f", {size.events} events)")
        rest = (
            self.say(",其余各问均答“否”", ", every other question answered no") if change.example.rest == "no" else ""
        )
        self._line(f"{people}{about}{rest}{self.say(':', ':')}", "dim", 3)
        for answer in answers:
            self._line(f"· {answer}", "", 5)

    def _following(self, own: list[Change]) -> None:
        """What follows from other rules: only what its example has besides theirs."""
        following = [one for one in self.found.changes if not one.own]
        self._heading("由此可能不同", "What can follow from it", len(following))
        known = {answer for one in own for answer in _answers(self.found, one.example, self.lang)}
        for change in following:
            more = tuple(one for one in _answers(self.found, change.example, self.lang) if one not in known)
            through = self.say("、", ", ").join(change.through)
            self._line(f"{self._title(change.name)}{self.say(':', ': ')}{self._turn(change)}", "bold yellow", 1)
            besides = self.say(",另有:", ", and besides:") if more else ""
            self._line(self.say(f"因{through};例同上", f"through {through}; example as above") + besides, "dim", 3)
            for answer in more:
                self._line(f"· {answer}", "", 5)

    def _excluded(self) -> None:
        self._heading(
            "只有一方的约束排除的案件", "Cases that only one side's constraints exclude", len(self.found.excluded)
        )
        for one in self.found.excluded:
            side = self.say("旧", "old") if one.by == "old" else self.say("新", "new")
            rules = self.say("、", ", ").join(one.rules)
            self._line(f"{one.constraint} ({side}){self.say(':', ': ')}{rules or '—'}", "bold yellow", 1)
            for answer in _answers(self.found, one.example, self.lang):
                self._line(f"· {answer}", "", 5)

    def _declared(self) -> None:
        declared = [one for one in self.found.declared if one.how != "in-force"]
        self._heading("宣告的变化", "Declared differently", len(declared))
        for one in declared:
            parts = f" ({', '.join(one.parts)})" if one.parts else ""
            rules = f"{self.say('；涉及', '; bears on ')}{self.say('、', ', ').join(one.rules)}" if one.rules else ""
            self._line(
                f"{self.say(*_KINDS[one.kind])} {one.name}{self.say(':', ': ')}{self.say(*_HOW[one.how])}{parts}{rules}",
                "",
                1,
            )

    def _limits(self) -> None:
        found = self.found
        count = len(found.undecided) + bool(found.bounded) + bool(found.unmatched)
        self._heading("比较的限度", "Limits of the comparison", count)
        for name, before, after in found.undecided:
            turn = f"{self.say(*_STATES[before])} → {self.say(*_STATES[after])}"
            self._line(
                f"{self._title(name)}{self.say(':', ': ')}{turn} {self.say('未能判定', 'not decided')}", "yellow", 1
            )
        by_size: dict[tuple[int, int], list[str]] = {}
        for name, size in found.bounded.items():
            by_size.setdefault(size, []).append(name)
        for (people, events), names in sorted(by_size.items()):
            listed = self.say("、", ", ").join(names)
            zh = f"只比较了不超过{people}名参与人、{events}个事件的案件:{listed}"
            self._line(
                self.say(zh, f"compared in cases of up to {people} taking part and {events} events: {listed}"), "dim", 1
            )
        if found.unmatched:
            listed = self.say("、", ", ").join(found.unmatched)
            zh, en = f"只依现行选项比较的解读:{listed}", f"readings compared as in force only: {listed}"
            self._line(self.say(zh, en), "dim", 1)


def _answers(found: Comparison, example: Example, lang: str) -> tuple[str, ...]:
    return tuple(one.in_(lang) for one in in_words(found, example))
