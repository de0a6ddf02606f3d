"""`wenze law findings`: what a drafter or a reviewer should know about a law, as one Markdown page, Chinese first.

Lays out what `wenze.law` found; every number and every example on the page is computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from wenze.cli.options import LawDir, library_at, only_instrument, problems_told
from wenze.law import (
    Answers,
    Finding,
    Items,
    Law,
    Nature,
    Needs,
    Reading,
    Turn,
    alike,
    answer_in_words,
    asking,
    cite,
    findings,
    needs,
    on_screen,
    opening,
    turns,
)

_TURNS = {
    ("made-out", "not-made-out"): ("窄", "narrower"),
    ("not-made-out", "made-out"): ("宽", "wider"),
    ("not-applicable", "made-out"): ("及于更多对象", "reaches more subjects"),
    ("not-applicable", "not-made-out"): ("及于更多对象", "reaches more subjects"),
    ("made-out", "not-applicable"): ("及于更少对象", "reaches fewer subjects"),
    ("not-made-out", "not-applicable"): ("及于更少对象", "reaches fewer subjects"),
}
_NATURES = {Nature.FACT: "事实 fact", Nature.JUDGEMENT: "判断 judgement", Nature.CAUSE: "因果 cause"}
_LISTED = (
    (("F010",), "包含关系", "One item inside another"),
    (("F050", "F051", "F052"), "职责、情形与责任划分之间的缺口", "Gaps between duties, circumstances and attribution"),
    (("F053",), "没有掌握文本的文件", "Instruments whose text is not held"),
    (
        ("F001", "F002", "F003", "F004", "F005", "F020", "F021", "F022", "F030", "F031", "F032", "F009", "F040"),
        "其他",
        "Other findings",
    ),
)


def register(law_app: typer.Typer) -> None:
    """Puts the command among those on the law."""
    law_app.command("findings")(findings_command)


def findings_command(
    instrument: Annotated[str | None, typer.Argument(help="规范 · instrument", show_default=False)] = None,
    law: LawDir = None,
) -> None:
    """供起草者参考的发现,Markdown · Findings for drafters, as Markdown."""
    with problems_told():
        library = library_at(law)
        print(findings_page(library.law(instrument or only_instrument(library))), end="")


def findings_page(law: Law) -> str:
    """The page for one law."""
    return "\n".join(_Page(law).lines()) + "\n"


class _Page:
    def __init__(self, law: Law) -> None:
        self.law = law
        self.found = findings(law)
        self.needs = needs(law)
        self.items = Items(law)

    def lines(self) -> Iterator[str]:
        yield from self._head()
        yield from self._readings()
        yield from self._asymmetries()
        yield from self._least()
        yield from self._overlaps()
        yield from self._degrees()
        for ids, zh, en in _LISTED:
            yield from self._section(ids, zh, en)

    def _head(self) -> Iterator[str]:
        law = self.law
        yield f"# 供起草者参考的发现：{law.title.zh} / Findings for drafters"
        yield ""
        yield f"{law.title.en}, {law.in_force}."
        yield ""
        yield from _both(
            "本页由 `wenze law findings` 从规则算出,改动规则后重新生成即可;测试核对本页与规则一致。发现不是错误:"
            "它们指出文本留给解释者、起草者和办案者的问题。凡说“可能”,都有一例为证;凡说“不可能”,已在所说的一切案件中排除。",
            "This page is computed from the rules by `wenze law findings`; a test holds it against them. A finding is no "
            "error: it is a question the text leaves to whoever interprets, drafts or applies it. What is said to be "
            "possible has an example; what is said to be impossible is excluded in every case spoken of.",
        )
        counts = [
            ("情形", "circumstances", len(self.needs)),
            ("未决的解读", "open readings", sum(reading.settled is None for reading in law.readings.values())),
            ("发现", "findings", len(self.found)),
        ]
        yield "| " + " | ".join(f"{zh} {en}" for zh, en, _ in counts) + " |"
        yield "|" + "---|" * len(counts)
        yield "| " + " | ".join(str(count) for _, _, count in counts) + " |"
        yield ""

    # What turns on a reading

    def _readings(self) -> Iterator[str]:
        yield "## 解读：结果取决于什么 / Readings: what turns on each"
        yield ""
        yield from _both(
            "每一选项与默认选项相比(其余解读不变),哪些情形会得出不同结论。宽:有的案件因此成立;窄:有的案件因此不成立。"
            "先列牵动情形最多的。",
            "For every option against the default, the others unchanged: the circumstances that come out differently. "
            "Wider: some case is made out by it; narrower: some case no longer is. Those that move most come first.",
        )
        all_turns = [(reading, tuple(turns(self.law, reading))) for reading in self.law.readings.values()]
        moving = [(reading, found) for reading, found in all_turns if any(turn.changes for turn in found)]
        moving.sort(key=lambda one: -max(len(_moved(turn)) for turn in one[1]))
        yield "| 解读 Reading | 问题 Question | 选项 Option | 结果 Effect | 情形 Circumstances |"
        yield "|---|---|---|---|---|"
        for reading, found in moving:
            for turn in found:
                yield self._turn(reading, turn)
        yield ""
        yield from self._elsewhere([reading for reading, found in all_turns if not any(turn.changes for turn in found)])

    def _turn(self, reading: Reading, turn: Turn) -> str:
        option = dict(reading.options)[turn.option]
        default = dict(reading.options)[reading.default]
        effects = list(dict.fromkeys(_TURNS[before, after] for _, before, after in turn.changes))
        effect = "<br>".join(f"{zh} {en}" for zh, en in effects) or "无 none"
        moved = _moved(turn)
        where = "全部 all" if len(moved) == len(self.needs) else "、".join(moved)
        said = f"{_zh(option.zh)}<br>{option.en}<br>（默认 default：{_zh(default.zh)}）"
        return _row(f"`{reading.id}`", f"{_zh(reading.question.zh)}<br>{reading.question.en}", said, effect, where)

    def _elsewhere(self, readings: list[Reading]) -> Iterator[str]:
        yield from _both(
            "下列解读不改变任何情形,只影响责任、权限、渠道或者保障:",
            "These change no circumstance; they bear on responsibility, competence, channels or guards:",
        )
        yield "| 解读 Reading | 问题 Question | 规则 Rules |"
        yield "|---|---|---|"
        for reading in readings:
            rules = "、".join(asking(self.law, reading.id)) or "保障 guard"
            yield _row(f"`{reading.id}`", f"{_zh(reading.question.zh)}<br>{reading.question.en}", rules)
        yield ""

    # Asymmetries

    def _asymmetries(self) -> Iterator[str]:
        yield "## 各项的不对称 / Asymmetries between the items"
        yield ""
        yield from _both(
            "“行为即成立”:在没有任何事件的案件中也可能成立,即只问做了没有;“须有后果”:没有事件就不可能成立。"
            "各列是该项须查明的事项的数目,判断多的项,结论更多地取决于由谁认定。",
            "“By conduct alone”: it can be made out where no event followed, so it asks only what was done. “Needs a "
            "result”: without an event it can never be made out. The columns count what has to be found; the more "
            "judgements, the more the outcome depends on who finds.",
        )
        yield "| 项 Item | 标题 Title | 适用 Applies to | 要求 Requires | " + " | ".join(_NATURES.values()) + " |"
        yield "|---|---|---|---|---|---|---|"
        for one in self.needs:
            natures = dict(one.natures)
            subjects = "、".join(one.subjects)
            title = f"{_zh(one.rule.title.zh)}<br>{one.rule.title.en}"
            yield _row(one.rule.id, title, subjects, _strict(one), *(str(natures[nature]) for nature in _NATURES))
        yield ""
        yield from self._pairs()

    def _pairs(self) -> Iterator[str]:
        """Items of different articles that speak alike and ask for different things of different subjects."""
        by_rule = {one.rule.id: one for one in self.needs}
        pairs = [(by_rule[pair.one.id], by_rule[pair.other.id], pair.words) for pair in alike(self.law)]
        unlike = [(one, other, words) for one, other, words in pairs if one.subjects != other.subjects]
        if not unlike:
            return
        yield "### 用语相同而对象不同的项 / Items that speak alike of different subjects"
        yield ""
        yield from _both(
            "不同条中共有同一词句(至多三项有此词句)的项,按共有字数排列。同样的失守,对象不同,要求可能不同:标有“≠”的,"
            "一项行为即成立,另一项须有后果。",
            "Items of different articles that share words which at most three items have, the most shared first. The same "
            "failing may be judged on other terms where the subject is another: “≠” marks pairs of which one is made out by "
            "conduct alone and the other needs a result.",
        )
        yield "| 项 Items | 共有词句 Shared words | 要求 Requires | |"
        yield "|---|---|---|---|"
        for one, other, words in unlike:
            shared = "".join(f"「{_zh(run)}」" for run in words)
            mark = "≠" if one.strict != other.strict else ""
            terms = f"{one.rule.id}:{_strict(one)}<br>{other.rule.id}:{_strict(other)}"
            yield _row(f"{one.rule.id} · {other.rule.id}", shared, terms, mark)
        yield ""

    # What each item needs, and which hold together

    def _least(self) -> Iterator[str]:
        """For each item a smallest case; what all items of an article need is said once."""
        yield "## 各项至少须查明什么 / The least each item needs"
        yield ""
        yield from _both(
            "每项一个最小的例子（一个对象、一个行为、至多一个事件；依默认解读，名单完整）：所列各问这样回答，该项即成立，"
            "少答一问就不能认定。各项都须查明的，在每条之前列出一次。数目是该项自己的问题数：数目小的项门槛低。",
            "For each item a smallest case (one respondent, one act, at most one event; default readings, complete lists): "
            "answered like this it is made out, and with any answer left out it is not determinable. What all items of an "
            "article need is listed once before them. The number counts the item’s own questions: where it is small, the "
            "threshold is low.",
        )
        for article, rules in self._by_article():
            least = {rule: self.items.least(rule) for rule in rules}
            common = set.intersection(*(set(answers.items()) for answers in least.values()))
            yield f"### {cite(article, 'zh')} / {cite(article, 'en')}"
            yield ""
            for zh, en in self._said(dict(answer for answer in least[rules[0]].items() if answer in common)):
                yield f"- {zh}<br>{en}"
            yield ""
            yield "| 项 Item | 数目 Number | 最小的例子 A smallest case | |"
            yield "|---|---|---|---|"
            for rule, answers in least.items():
                own = self._said({name: value for name, value in answers.items() if (name, value) not in common})
                yield _row(rule, str(len(own)), "<br>".join(zh for zh, _ in own), "<br>".join(en for _, en in own))
            yield ""

    def _by_article(self) -> Iterator[tuple[str, list[str]]]:
        articles: dict[str, list[str]] = {}
        for one in self.needs:
            articles.setdefault(one.rule.anchor.partition(".")[0], []).append(one.rule.id)
        yield from articles.items()

    def _said(self, answers: Answers) -> list[tuple[str, str]]:
        said = [answer_in_words((self.law,), name, value) for name, value in answers.items()]
        return [(_zh(one.zh), one.en) for one in said]

    def _overlaps(self) -> Iterator[str]:
        yield "## 可能同时成立的各项 / Items that can hold together"
        yield ""
        yield from _both(
            "同一对象、同一行为、同一事件，一项成立（如上例）时，另一项还须查明多少（括号内的数目）。数目为零即包含在内。"
            "文本没有说几项同时成立时如何处理。",
            "Where one item is made out of one respondent, act and event (as in its case above): how many further answers "
            "another item takes (the number in brackets). Zero would be containment. The text does not say what follows "
            "when several hold.",
        )
        yield "| 已成立 Made out | 同时成立还须查明 Further answers for another to hold too | 不能同时 Never together |"
        yield "|---|---|---|"
        for _, rules in self._by_article():
            for rule in rules:
                yield self._beside(rule, [other for other in rules if other != rule])
        yield ""
        yield from self._across()

    def _beside(self, rule: str, others: list[str]) -> str:
        together = [other for other in others if self.items.can(rule, other)]
        more = {other: self.items.besides(rule, other) for other in together}
        known = {other: len(answers) for other, answers in more.items() if answers is not None}
        listed = [f"{other} (+{known[other]})" for other in sorted(known, key=known.__getitem__)]
        listed += [f"{other} (≠)" for other, answers in more.items() if answers is None]
        return _row(rule, "、".join(listed), "、".join(other for other in others if other not in together))

    def _across(self) -> Iterator[str]:
        """Items of different articles: whether a reading lets them meet in one respondent."""
        groups = list(self._by_article())
        for at, (article, rules) in enumerate(groups):
            for other, others in groups[at + 1 :]:
                pairs = [(one, two) for one in rules for two in others]
                now = [pair for pair in pairs if self.items.can(*pair)]
                ever = [pair for pair in pairs if self.items.can(*pair, by_any_reading=True)]
                options = dict.fromkeys(o for pair in ever[:1] for o in opening(self.law, self.items, *pair))
                by = "、".join(f"`{reading}` = {option}" for reading, option in options) or "—"
                zh, en = (f"{cite(article, lang)} × {cite(other, lang)}" for lang in ("zh", "en"))
                yield from _both(
                    f"{zh}：{len(pairs)}对中，依默认解读可能同时成立的{len(now)}对，依某种解读可能的{len(ever)}对；使之可能的单个选项：{by}。",
                    f"{en}: of {len(pairs)} pairs, {len(now)} can hold together by default and {len(ever)} under some readings; "
                    f"single options that let them: {by}.",
                )

    # Words without a measure

    def _degrees(self) -> Iterator[str]:
        yield "## 没有标准的程度用语 / Degree words without a standard"
        yield ""
        yield from _both(
            "下列判断,文本和所引文件都没有给出衡量的标准;只有具名的人说明理由才能认定。",
            "For these judgements neither the text nor an instrument it names gives a measure; only a named person giving "
            "reasons can find them.",
        )
        yield "| 条文 Article | 判断 Judgement | 问题 Question |"
        yield "|---|---|---|"
        for finding in (one for one in self.found if one.id == "F041"):
            names = finding.message.en.rpartition(": ")[2].split(", ")
            for name in names:
                fact = self.law.facts[name]
                question = f"{_zh(fact.question.zh)}<br>{fact.question.en}"
                yield _row(_cited(fact.anchor), f"`{name}`", question)
        yield ""

    def _section(self, ids: tuple[str, ...], zh: str, en: str) -> Iterator[str]:
        yield f"## {zh} / {en}"
        yield ""
        found = [one for one in self.found if one.id in ids]
        if not found:
            yield from _both("没有发现。", "None found.")
        for finding in found:
            yield f"- {_zh(finding.message.zh)}  "
            yield f"  {finding.message.en}"
            if finding.example and finding.id in {"F010", "F051"}:
                yield ""
                yield from _example(finding, "  ")
        if "F053" in ids:
            yield from self._sources()
        yield ""

    def _sources(self) -> Iterator[str]:
        yield ""
        yield "| 文件 Instrument | 说明 Note |"
        yield "|---|---|"
        for source in self.law.duty_sources.values():
            if not source.held:
                title = f"{_zh(source.title.zh)}<br>{source.title.en}"
                yield _row(title, f"{_zh(source.note.zh)}<br>{source.note.en}")


def _strict(one: Needs) -> str:
    if one.strict:
        return "行为即成立 by conduct alone"
    if one.strict_by_reading:
        return "须有后果,依其他解读行为即成立 needs a result; by conduct alone under another reading"
    return "须有后果 needs a result"


def _moved(turn: Turn) -> list[str]:
    return list(dict.fromkeys(rule for rule, _, _ in turn.changes))


def _example(finding: Finding, indent: str = "") -> Iterator[str]:
    if finding.example:
        pieces = zip(finding.example.zh.split("；"), finding.example.en.split("; "), strict=False)
        for zh, en in pieces:
            yield f"{indent}- {_inside(_zh(zh))}<br>{_inside(en)}"
        yield ""


def _both(zh: str, en: str) -> Iterable[str]:
    return (_zh(zh), "", en, "")


def _cited(anchor: str) -> str:
    return f"{cite(anchor, 'zh')}<br>{cite(anchor, 'en')}"


def _zh(words: str) -> str:
    return on_screen(words)


def _inside(words: str) -> str:
    """Words inside a piece of HTML."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
