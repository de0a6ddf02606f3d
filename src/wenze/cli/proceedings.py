"""A procedure, or a case on paper, as text: what was done, which clocks run and how each day counts, what is open, what is refused.

Lays out with Rich: colours on a terminal, plain when piped. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from rich.console import Console
from rich.markup import escape

from wenze.law import (
    Basis,
    Bilingual,
    Clock,
    ClockState,
    Day,
    History,
    Move,
    OpenStep,
    Procedure,
    Refusal,
    Standing,
    Step,
    Unheld,
    check_history,
    condition,
    on_screen,
    required,
)

_STATES = {
    "running": Bilingual("进行中", "running"),
    "overdue": Bilingual("逾期", "overdue"),
    "met": Bilingual("按期", "met"),
    "late": Bilingual("逾期办理", "met late"),
    "lapsed": Bilingual("期满未行使", "lapsed, not used"),
    "restarted": Bilingual("重新起算", "begun anew"),
    "closed": Bilingual("随案件终结", "closed with the case"),
}
_STYLES = {"overdue": "bold red", "late": "red", "running": "yellow"}
_DIRECTIONS = {
    "heavier": Bilingual("从重", "heavier"),
    "lighter": Bilingual("从轻", "lighter"),
    "exempt": Bilingual("免予问责", "exempt"),
}


class Proceedings:
    """Writes a procedure to a console in one language, as it is on a day."""

    def __init__(self, procedure: Procedure, day: date, lang: str, console: Console) -> None:
        self.procedure = procedure
        self.table = procedure.on(day)
        self.day = day
        self.lang = lang
        self.console = console

    # Pages

    def whole(self) -> None:
        """The procedure in force on the day."""
        self._head()
        self._heading("步骤", "Steps")
        for step in self.table.steps.values():
            self._step(step)
        self._heading("时限", "Clocks")
        for clock in self.table.clocks.values():
            self._clock(clock)
        self._measures()
        self._heading("没有掌握的文本", "Texts not held")
        self._gaps(self.table.gaps)

    def case(self, history: History, standing: Standing) -> bool:
        """Where a history stands; returns whether a step of it was unlawful."""
        self._head()
        self._line(history.title.in_(self.lang), "bold")
        unlawful = check_history(self.procedure, standing.history, standing.features)
        self._heading("办理经过", "What was done")
        for at, move in enumerate(standing.history):
            self._move(move, [refusal for index, refusal in unlawful if index == at])
        self._heading("期限", "Clocks")
        for run in standing.clocks:
            self._run(run)
        self._heading(f"{self.day}可以办理", f"Open on {self.day}")
        for opened in standing.open:
            self._open(opened)
        self._heading("不可以办理", "Refused")
        for refused in standing.refused:
            self._line(f"✗ {refused.step.title.in_(self.lang)}", "dim", 2)
            for refusal in refused.reasons:
                self._refusal(refusal, 6)
        self._questions(standing)
        self._effects(standing)
        self._stage(standing)
        return bool(unlawful)

    # Pieces

    def say(self, zh: str, en: str) -> str:
        return en if self.lang == "en" else zh

    def _colon(self) -> str:
        return self.say(":", ": ")

    def _line(self, line: str = "", style: str = "", indent: int = 0) -> None:
        body = escape(on_screen(line) if self.lang == "zh" else line)
        self.console.print(
            " " * indent + (f"[{style}]{body}[/]" if style else body),
            highlight=False,
            soft_wrap=not self.console.is_terminal,
        )

    def _heading(self, zh: str, en: str) -> None:
        self._line()
        self._line(f"■ {self.say(zh, en)}", "bold")

    def _head(self) -> None:
        self._line(f"{self.procedure.title.in_(self.lang)} · {self.day}", "bold")
        for rank, layer in enumerate(self.procedure.layers, 1):
            law = layer.on(self.day)
            optional = self.say(";可选层", "; optional layer") if layer.optional else ""
            absent = self.say("这一天没有施行的版本", "no version in force on this day")
            since = self.say(f"{law.in_force}起", f"from {law.in_force}") if law else absent
            title = (law or layer.versions[0]).title.in_(self.lang)
            self._line(f"{rank}. {title}{self.say('(', ' (')}{since}{optional})", "" if law else "dim", 2)

    def _basis(self, basis: Basis | None) -> str:
        """Who says so: `《…》第…条 应当 [据转录本]`."""
        if basis is None:
            return self.say("日期的先后", "the order of days")
        modality = f" {basis.modality.in_(self.lang)}" if basis.modality.zh else ""
        return f"{basis.cite(self.lang)}{modality} [{basis.flag(self.lang)}]"

    def _named(self, ids: Iterable[str], among: str = "roles") -> str:
        titles = getattr(self.table, among)
        named = (titles[id] if isinstance(titles[id], Bilingual) else titles[id].title for id in ids)
        return self.say("、", ", ").join(title.in_(self.lang) for title in named)

    def _refusal(self, refusal: Refusal, indent: int) -> None:
        self._line(f"{refusal.message.in_(self.lang)} — {self._basis(refusal.basis)}", indent=indent)

    # The procedure

    def _step(self, step: Step) -> None:
        marks = [
            self.say(zh, en)
            for given, zh, en in (
                (step.repeats, "可多次", "may be repeated"),
                (step.side, "并行", "beside the main path"),
                (step.ends, "终结", "ends the case"),
                (step.after_end, "终结后仍可", "also after the end"),
            )
            if given
        ]
        self._line(f"{step.title.in_(self.lang)}  {step.id}  {' · '.join(marks)}".rstrip(), "bold", 2)
        roles = self._named(said.value for said in step.roles)
        self._line(f"{self.say('由', 'by ')}{roles} — {self._basis(step.roles[0].basis)}", indent=6)
        for asked in step.requirements:
            words = required(self.table, asked.condition, asked.when)
            self._line(f"{words.in_(self.lang)} — {self._basis(asked.basis)}", indent=6)
        for said, when in step.papers:
            case = f"({condition(self.table, when).in_(self.lang)})" if any(when) else ""
            title = self.table.papers[said.value].title.in_(self.lang)
            self._line(f"{self.say('附', 'with ')}{title}{case} — {self._basis(said.basis)}", indent=6)
        self._who_else(step)
        if step.outcomes:
            self._line(f"{self.say('结果:', 'outcomes: ')}{self._named(step.outcomes, 'outcomes')}", indent=6)
        self._remarks(step.notes, step.also_said)
        self._unheld(self.table.unheld(step.id))

    def _who_else(self, step: Step) -> None:
        if step.actors:
            number = step.actors.value
            said = self.say(f"不少于{number}人", f"at least {number} persons")
            self._line(f"{said} — {self._basis(step.actors.basis)}", indent=6)
        for each in step.excluded:
            title = self._named([each.value], "relations")
            self._line(f"{self.say('回避:', 'not who is: ')}{title} — {self._basis(each.basis)}", indent=6)

    def _remarks(self, notes: Iterable[tuple[Bilingual, Basis]], also_said: Iterable[tuple[Bilingual, Basis]]) -> None:
        for words, basis in notes:
            self._line(f"{self.say('注:', 'note: ')}{words.in_(self.lang)} — {self._basis(basis)}", "dim", 6)
        for words, basis in also_said:
            other = self.say("另有规定(次序在后):", "said differently by a layer of lower rank: ")
            self._line(f"{other}{words.in_(self.lang)} — {self._basis(basis)}", "yellow", 6)

    def _clock(self, clock: Clock) -> None:
        self._line(f"{clock.title.in_(self.lang)}  {clock.id}", "bold", 2)
        start, until = condition(self.table, clock.start), condition(self.table, clock.until)
        counted = self.say("(自收到之日)", " (from the day of receipt)") if clock.from_receipt else ""
        case = f",{condition(self.table, clock.when).in_(self.lang)}" if any(clock.when) else ""
        self._line(
            f"{self._length(clock)} · {self.say('自', 'from: ')}{start.in_(self.lang)}{counted}{case}"
            f" · {self.say('至', 'until: ')}{until.in_(self.lang)} — {self._basis(clock.basis)}",
            indent=6,
        )
        whose = self._named(clock.holders)
        kind = self.say("权利,属", "a right of ") if clock.right else self.say("义务,属", "a duty of ")
        self._line(f"{kind}{whose}{self._overdue(clock)}", indent=6)
        self._remarks(clock.notes, clock.also_said)
        self._unheld(self.table.unheld(clock.id))

    def _overdue(self, clock: Clock) -> str:
        shown = self._named(clock.shown_to)
        said = self.say(f";逾期提示{shown}", f"; when overdue shown to {shown}") if shown else ""
        return said + (self.say("并报上级", " and reported upward") if clock.upward else "")

    def _length(self, clock: Clock) -> str:
        if clock.term is None:
            return self.say("由文书确定", "set by the document")
        length = clock.term.in_(self.lang)
        if clock.extension:
            step, more = clock.extension
            title = self.table.steps[step].title.in_(self.lang)
            length += self.say(f"(经“{title}”加{more.in_('zh')})", f" (“{title}” adds {more.in_('en')})")
        return length

    def _measures(self) -> None:
        measures = self.table.measures
        self._heading(
            "问责方式(由轻到重;档次和方式由人认定)", "Measures (from the lightest; people find the band and choose)"
        )
        for band in measures.bands:
            words = f"{band.title.in_(self.lang)}{self._colon()}{band.condition.in_(self.lang)}"
            self._line(f"{words} — {self._basis(band.basis)}", "bold", 2)
            self._unheld(self.table.unheld(band.id))
            for measure in measures.within(band.id):
                note = f" · {measure.note.in_(self.lang)}" if measure.note.zh else ""
                self._line(f"{measure.title.in_(self.lang)}{note}", indent=6)
        for layer, others in measures.others.items():
            named = self.say(" < ", " < ").join(measure.title.in_(self.lang) for measure in others)
            self._line(f"{self.say('另一层的方式', 'methods of another layer')} ({layer}): {named}", "yellow", 2)
        for ground in measures.grounds:
            direction = _DIRECTIONS[ground.direction].in_(self.lang)
            self._line(
                f"{direction}{self._colon()}{ground.title.in_(self.lang)} — {self._basis(ground.basis)}", indent=2
            )
        for effect in measures.lasting:
            term = effect.term.in_(self.lang) if effect.term else self.say("当年", "the rest of the year")
            title = effect.title.in_(self.lang)
            self._line(
                f"{self.say('后效', 'effect')}{self._colon()}{title} · {term} — {self._basis(effect.basis)}",
                indent=2,
            )
            self._unheld(self.table.unheld(effect.id))

    def _gaps(self, gaps: Iterable[Unheld]) -> None:
        for gap in gaps:
            self._line(
                f"{gap.basis.title.in_(self.lang)}{self._colon()}{gap.title.in_(self.lang)} — {gap.note.in_(self.lang)}",
                indent=2,
            )
            if gap.about:
                self._line(f"{self.say('涉及', 'it would decide about')} {' '.join(gap.about)}", "dim", 6)

    # A case

    def _move(self, move: Move, unlawful: list[Refusal]) -> None:
        table = self.procedure.on(move.day)
        step = table.steps[move.step]
        carried = [
            table.roles[move.role].in_(self.lang) if move.role in table.roles else move.role,
            table.outcomes[move.outcome].in_(self.lang) if move.outcome in table.outcomes else move.outcome,
            *(table.papers[paper].title.in_(self.lang) for paper in move.papers if paper in table.papers),
            self.say(f"收到 {move.receipt}", f"received {move.receipt}") if move.receipt else "",
            *(each.title.in_(self.lang) for id in move.measures if (each := table.measures.measure(id))),
            move.reason,
        ]
        said = " · ".join(part for part in carried if part)
        sign, style = ("✗", "bold red") if unlawful else ("✓", "")
        basis = self._basis(step.basis)
        self._line(f"{sign} {move.day} {step.title.in_(self.lang)} · {said} — {basis}", style, 2)
        for refusal in unlawful:
            self._refusal(refusal, 6)

    def _run(self, run: ClockState) -> None:
        state = _STATES[run.state].in_(self.lang)
        ended = f" {run.ended_by.day}" if run.ended_by else ""
        provisional = (
            self.say(",暂定:尚无该年度的节假日安排", ", provisional: that year is not announced")
            if run.provisional
            else ""
        )
        head = self.say(f"{run.start}起,{run.due}届满", f"from {run.start}, due {run.due}")
        self._line(
            f"{run.title.in_(self.lang)}{self._colon()}{head}{provisional} · {state}{ended}",
            _STYLES.get(run.state, ""),
            2,
        )
        self._line(f"{self._length(run.clock)}{self._overdue(run.clock)} — {self._basis(run.basis)}", indent=6)
        for counted, group in groupby(run.days, key=lambda day: (day.counted, day.why, day.provisional)):
            self._days(list(group), counted[0])
        self._remarks((), run.clock.also_said)
        self._unheld(self.procedure.on(run.started_by.day).unheld(run.id))

    def _days(self, days: list[Day], counted: bool) -> None:
        first, last = days[0].day, days[-1].day
        span = f"{first}" if first == last else f"{first} – {last}"
        number = self.say(f"计 {len(days)} 日", f"{len(days)} counted") if counted else self.say("不计", "skipped")
        why = days[0].why.in_(self.lang) + (self.say("(暂定)", " (provisional)") if days[0].provisional else "")
        self._line(f"{span}  {number}  {why}", "dim", 8)

    def _open(self, opened: OpenStep) -> None:
        step = opened.step
        by = f"{self.say('由', 'by ')}{self._named(opened.roles)}"
        self._line(f"○ {step.title.in_(self.lang)} · {by} — {self._basis(step.basis)}", indent=2)
        if opened.papers:
            self._line(f"{self.say('附', 'with ')}{self._named(opened.papers, 'papers')}", indent=6)
        if opened.outcomes:
            self._line(f"{self.say('结果:', 'outcomes: ')}{self._named(opened.outcomes, 'outcomes')}", indent=6)
        for outcome, papers in opened.papers_of.items():
            if papers:
                case, named = self._named([outcome], "outcomes"), self._named(papers, "papers")
                self._line(self.say(f"{case}的,附{named}", f"for {case}: {named}"), indent=6)
        for outcome, refusal in opened.barred:
            barred = f"{self._named([outcome], 'outcomes')}{self._colon()}" if outcome else ""
            self._line(f"✗ {barred}{refusal.message.in_(self.lang)} — {self._basis(refusal.basis)}", "dim", 6)
        self._unheld(opened.unheld)

    def _unheld(self, gaps: tuple[Unheld, ...]) -> None:
        if gaps:
            named = self.say(";", "; ").join(
                f"{gap.basis.title.in_(self.lang)}{self.say('的', ', ')}{gap.title.in_(self.lang)}" for gap in gaps
            )
            self._line(
                f"{self.say('没有掌握、可能另有规定的文本:', 'texts not held that may say otherwise: ')}{named}",
                "dim",
                6,
            )

    def _questions(self, standing: Standing) -> None:
        if standing.questions:
            self._heading("须先查明", "To be established first")
            for feature in standing.questions:
                self._line(f"? {feature.question.in_(self.lang)} — {self._basis(feature.basis)}", indent=2)

    def _effects(self, standing: Standing) -> None:
        """What follows the measures decided last, from the day of the first decision: a varied one takes its place."""
        last = standing.decided
        if last is None:
            return
        first = next(move for move in standing.history if move.measures and move.outcome)
        self._heading("问责方式的后效", "Effects of the measures")
        for state in self.procedure.on(last.day).measures.effects(last.measures, first.day):
            until = self.say(f"至{state.until}", f"until {state.until}")
            self._line(f"{state.effect.title.in_(self.lang)} {until} — {self._basis(state.effect.basis)}", indent=2)

    def _stage(self, standing: Standing) -> None:
        self._line()
        stage = self.table.steps.get(standing.stage)
        if standing.ended:
            self._line(self.say("本案已终结。", "The case has ended."), "bold")
        elif stage:
            self._line(self.say(f"所处阶段:{stage.title.zh}", f"Stage: {stage.title.en}"), "bold")
