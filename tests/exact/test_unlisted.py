"""What somebody not listed would do is one question for each quantifier and for each of those it is asked of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from wenze.law.casefile.cases import case_from_json
from wenze.law.compile import compile_sources
from wenze.law.determine import determine
from wenze.law.evaluate import State
from wenze.law.parse import source_of

_LAW = """# 试验办法

```instrument shi
名称 试验办法 / Trial Measures
施行 2014-05-01
组 责任 responsibility
```

```vocabulary 种类
问责 | accountability
```

```vocabulary 情态
应当 | shall
```

```vocabulary 证据形式
书证 | document
```

## 第一条 {#1}
> 第一条 凡此者,问责。

| 事实 | English | 问题 | Question | 性质 | 对象 | 证明 |
|---|---|---|---|---|---|---|
| 参.负责 | was in charge | 负责? | In charge? | 事实 | 参与 | 书证 |
| 果.引起 | the act caused the event | 引起? | Caused? | 事实 | 结果 | 书证 |
| 名单.参与 | all participants are listed | 完整? | Complete? | 事实 | 行为 | 书证 |
| 名单.事件 | all events are listed | 完整? | Complete? | 事实 | 行为 | 书证 |

{definition}

```rule 1-则
标题 则 / rule
组 责任
结论 问责 应当
条件 {condition}
```
"""


def states(condition: str, facts: Sequence[tuple[str, str, bool]], definition: str = "恒真") -> list[State]:
    """The states of the rule for two participants of an act of which no event is listed."""
    block = f"```define 甲\n标题 甲 / a\n条件 {definition}\n```\n"
    text = _LAW.replace("{definition}", block).replace("{condition}", condition)
    law = compile_sources([source_of(text.encode(), "shi.md")])
    written: dict[str, Any] = {
        "format": "wenze-case/1",
        "id": "案",
        "title": {"zh": "案"},
        "instrument": "shi",
        "posts": [{"id": post, "title": post} for post in ("P1", "P2")],
        "acts": [{"id": "A1", "title": "行为"}],
        "participations": [{"respondent": post, "act": "A1"} for post in ("P1", "P2")],
        "evidence": [{"id": "证1", "title": "书证", "form": "书证"}],
        "facts": [
            {"fact": name, "entities": entities.split(), "for" if holds else "against": ["证1"]}
            for name, entities, holds in facts
        ],
    }
    found = determine(law, case_from_json(written, "case.json"), date(2020, 1, 1))
    return [conclusion.state for conclusion in found.all()]


LISTED = ("名单.参与", "A1", True)


def test_two_quantifiers_on_one_line_ask_two_questions() -> None:
    one_line = "每 参与 名单 名单.参与 某 事件 名单 名单.事件 果.引起"
    two_lines = "每 参与 名单 名单.参与\n  某 事件 名单 名单.事件\n    果.引起"
    facts = [("名单.参与", "A1", False)]
    assert states(one_line, facts) == states(two_lines, facts) == [State.OPEN, State.OPEN]


def test_an_event_not_listed_may_concern_one_participant_and_not_another() -> None:
    condition = "全部\n  某 参与 名单 名单.参与\n    见 甲\n  某 参与 名单 名单.参与\n    非 见 甲"
    concerns = "某 事件 名单 名单.事件\n  全部\n    参.负责\n    果.引起"
    facts = [LISTED, ("参.负责", "P1 A1", True), ("参.负责", "P2 A1", True)]
    assert states(condition, facts, concerns) == [State.OPEN, State.OPEN]


def test_an_event_not_listed_that_concerns_nobody_in_particular_is_the_same_for_all() -> None:
    condition = "全部\n  某 参与 名单 名单.参与\n    见 甲\n  某 参与 名单 名单.参与\n    非 见 甲"
    assert states(condition, [LISTED], "某 事件 名单 名单.事件 果.引起") == [State.NOT_MADE_OUT, State.NOT_MADE_OUT]


def test_a_participant_not_listed_is_the_same_one_whoever_asks_for_others() -> None:
    condition = "全部\n  某 参与 名单 名单.事件\n    见 甲\n  某 参与 名单 名单.事件\n    非 见 甲"
    others = "某 参与 除本人 名单 名单.参与 参.负责"
    nobody = [("名单.事件", "A1", True), ("参.负责", "P1 A1", False), ("参.负责", "P2 A1", False)]
    assert states(condition, nobody, others) == [State.NOT_MADE_OUT, State.NOT_MADE_OUT]


def test_a_complete_list_leaves_nobody_else() -> None:
    facts = [LISTED, ("参.负责", "P1 A1", False), ("参.负责", "P2 A1", False)]
    assert states("某 参与 名单 名单.参与 参.负责", facts) == [State.NOT_MADE_OUT, State.NOT_MADE_OUT]
    assert states("某 参与 名单 名单.参与 参.负责", facts[1:]) == [State.OPEN, State.OPEN]
