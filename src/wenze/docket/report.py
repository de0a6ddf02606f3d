"""What a replay found, as one page: figures, pictures drawn as SVG here, the register of open readings. Chinese first, English beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import htpy as h
from markupsafe import Markup

from wenze.docket.replay import Record, Replayed, Turn
from wenze.law import Bilingual, Reading, State

_HEAVIER, _LIGHTER, _OTHER = "#b3261e", "#1b6e4b", "#8a6d00"
_WEIGHT = {State.MADE_OUT: 2, State.OPEN: 1}
_MOST_ROWS = 200
# our own style sheet, no text of a case in it
_STYLE = Markup(
    "body{font:16px/1.6 system-ui,'Noto Sans SC',sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1c1b1a;background:#fff}"
    "h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2.5rem}table{border-collapse:collapse;width:100%}"
    "th,td{border-bottom:1px solid #d8d4cc;padding:.3rem .6rem;text-align:left;vertical-align:top}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums}.en{color:#55524d}svg{max-width:100%;height:auto}"
    "@media(prefers-color-scheme:dark){body{background:#171615;color:#ece9e4}.en{color:#b5b0a8}th,td{border-color:#3a3733}text{fill:#ece9e4}}"
    "@media print{body{max-width:none;margin:0}h2{break-after:avoid}tr{break-inside:avoid}}"
)


def replay_page(
    found: Replayed,
    *,
    title: Bilingual,
    versions: tuple[str, str],
    names: Mapping[str, Bilingual],
    differences: Sequence[str] = (),
    register: Sequence[tuple[Reading, int]] = (),
) -> str:
    """The page of a replay. `versions`: what was compared with what; `names`: the titles of targets; `differences`: of the facts;
    `register`: the open readings, and how many records hang on each before anything turns.
    """
    page = h.html(lang="zh")[
        h.head[
            h.meta(charset="utf-8"),
            h.meta(name="viewport", content="width=device-width,initial-scale=1"),
            h.title[f"重演 · replay: {versions[0]} → {versions[1]}"],
            h.style[_STYLE],
        ],
        h.body[
            h.main[
                h.h1[_both(title)],
                h.p[f"{versions[0]} → {versions[1]}"],
                h.p[
                    _line(
                        f"共 {found.records:,} 条记录,{found.turned:,} 条有变化。",
                        f"{found.records:,} records, of which {found.turned:,} turn.",
                    )
                ],
                h.p[
                    _line(
                        "这是依所示版本、解读和记录得出的结果,不是决定:由人决定。",
                        "This is what follows from the versions, readings and records shown. It is not a decision: people decide.",
                    )
                ],
                _notes(found, differences),
                _section("变化 / What turns", _turns(found, names)),
                _section("按决定性条款 / By deciding clause", _clauses(found)),
                _section("每种变化各举一例 / The first record of each turn", _examples(found)),
                _section("未决解读 / Open readings", _register(register)) if register else None,
            ]
        ],
    ]
    return f"<!doctype html>\n{page}\n"


def _both(text: Bilingual) -> h.Node:
    return [text.zh, " ", h.span(".en", lang="en")[text.en]]


def _line(zh: str, en: str) -> h.Node:
    return _both(Bilingual(zh, en))


def _section(heading: str, content: h.Node) -> h.Element:
    zh, _, en = heading.partition(" / ")
    return h.section[h.h2[_line(zh, en)], content]


def _notes(found: Replayed, differences: Sequence[str]) -> h.Node:
    lines = list(differences)
    if found.only_before:
        lines.append(f"只在前一版本 · only in the earlier: {'、'.join(found.only_before)}")
    if found.only_after:
        lines.append(f"只在后一版本 · only in the later: {'、'.join(found.only_after)}")
    return h.ul[(h.li[line] for line in lines)] if lines else None


def _turns(found: Replayed, names: Mapping[str, Bilingual]) -> h.Node:
    if not found.turns:
        return h.p[_line("没有任何变化。", "Nothing turns.")]
    rows = found.turns.most_common()
    return [
        _bars([(_named(turn, names), times, _colour(turn)) for turn, times in rows[:40]]),
        h.table[
            h.thead[h.tr[(h.th[one] for one in ("条款 provision", "原 before", "现 after", "记录 records"))]],
            h.tbody[
                (
                    h.tr[
                        h.td[turn.target, " ", _both(names.get(turn.target, Bilingual("", "")))],
                        h.td[_both(turn.before.words)],
                        h.td[_both(turn.after.words)],
                        h.td(".n")[f"{times:,}"],
                    ]
                    for turn, times in rows
                )
            ],
        ],
    ]


def _named(turn: Turn, names: Mapping[str, Bilingual]) -> str:
    return f"{turn.target} {turn.before.words.zh} → {turn.after.words.zh}"


def _colour(turn: Turn) -> str:
    before, after = _WEIGHT.get(turn.before, 0), _WEIGHT.get(turn.after, 0)
    return _HEAVIER if after > before else _LIGHTER if after < before else _OTHER


def _clauses(found: Replayed) -> h.Node:
    by_clause = Counter[tuple[Bilingual, str]]()
    for (_, clause), times in found.clauses.items():
        by_clause[clause.title, clause.place] += times
    rows = by_clause.most_common()
    return [
        _bars([(title.zh, times, _OTHER) for (title, _), times in rows[:30]]),
        _table(
            ("条款 provision", "变化 turn", "决定性条款 deciding clause", "出处 where", "记录 records"),
            (
                (
                    turn.target,
                    f"{turn.before.words.zh} → {turn.after.words.zh}",
                    f"{clause.title.zh} {clause.title.en}",
                    clause.place,
                    f"{times:,}",
                )
                for (turn, clause), times in found.clauses.most_common(_MOST_ROWS)
            ),
        ),
    ]


def _examples(found: Replayed) -> h.Node:
    rows: Iterable[tuple[Turn, Record]] = sorted(found.examples.items(), key=lambda one: (one[0].target, one[0].before))
    return _table(
        ("条款 provision", "变化 turn", "案号 case", "行为 act", "对象 respondent"),
        (
            (
                turn.target,
                f"{turn.before.words.zh} → {turn.after.words.zh}",
                record.case,
                str(record.act),
                str(record.respondent),
            )
            for turn, record in rows
        ),
    )


def _register(register: Sequence[tuple[Reading, int]]) -> h.Node:
    rows = sorted(register, key=lambda one: -one[1])
    return [
        h.p[
            _line(
                "其他解读有效时,换一个选项有多少条记录的结果会变(按前一版本)。",
                "How many records would have another state under another option, the other readings in force (by the earlier version).",
            )
        ],
        _bars([(reading.id, times, _OTHER) for reading, times in rows if times][:40]),
        h.table[
            h.thead[h.tr[(h.th[one] for one in ("解读 reading", "问题 question", "记录 records"))]],
            h.tbody[
                (
                    h.tr[h.td[reading.id], h.td[_both(reading.question)], h.td(".n")[f"{times:,}"]]
                    for reading, times in rows
                )
            ],
        ],
    ]


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> h.Element:
    return h.table[
        h.thead[h.tr[(h.th[one] for one in headings)]],
        h.tbody[(h.tr[(h.td[cell] for cell in row)] for row in rows)],
    ]


def _bars(rows: Sequence[tuple[str, int, str]]) -> h.Node:
    """Horizontal bars as long as their number, each with its figure in words."""
    if not rows:
        return None
    most, height = max(times for _, times, _ in rows), 26 * len(rows)
    return h.svg(viewBox=f"0 0 900 {height}", role="img", width="900", height=str(height))[
        h.title["记录数 number of records"],
        (
            [
                h.text(x="330", y=str(26 * index + 18), **{"text-anchor": "end", "font-size": "14"})[label[:28]],
                h.rect(
                    x="340", y=str(26 * index + 4), width=str(max(1, 470 * times // most)), height="18", fill=colour
                ),
                h.text(x=str(346 + max(1, 470 * times // most)), y=str(26 * index + 18), **{"font-size": "14"})[
                    f"{times:,}"
                ],
            ]
            for index, (label, times, colour) in enumerate(rows)
        ),
    ]
