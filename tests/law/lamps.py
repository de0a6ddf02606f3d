"""A small fictitious instrument on street lamps, and cases under it, written as Markdown where the test that needs them stands.

The tests give the facts, rules and records they are about; vocabularies, units, posts and evidence are always the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from textwrap import dedent

from wenze.law import Case, Conclusion, Determination, FactKey, Law, State, check_case, compile_sources, determine
from wenze.law.casefile.cases import parse_case_text
from wenze.law.establish import Established
from wenze.law.evaluate import Evaluation
from wenze.law.parse import source_of

ON = date(2016, 1, 31)

HEAD = """# 路灯维护责任办法(虚构) {#0}
> 路灯维护责任办法

```instrument lamps
名称 路灯维护责任办法(虚构) / Street Lamp Measures (fictitious)
施行 2015-01-01
组 情形 circumstance
组 责任 responsibility
组 权限 competence
组 去路 channel
组 会签
```

```vocabulary 单位类型
路灯所 | lamp office
电力站 | power station
```

```vocabulary 层级 有序
大区 | region
小区 | quarter
```

```vocabulary 职务角色
所长 | head
班长 | foreman
```

```vocabulary 职级 有序
甲级 | grade A
乙级 | grade B
丙级 | grade C
```

```vocabulary 任职方式
常任 | permanent
代任 | acting
```

```vocabulary 部分
签字 | signed
在场 | was present
```

```vocabulary 主张
停电 | power cut
```

```vocabulary 环节
巡查 | inspection
维修 | repair
```

```vocabulary 行为形式
会签 | joint signature
漏修 | missed repair
```

```vocabulary 证据形式
值班簿 | duty book
照片 | photograph
匿名信 | anonymous letter
```

```vocabulary 不作证明
匿名信 | anonymous letter
```

```vocabulary 事件等级
大 | large
小 | small
```

```vocabulary 种类
追责 | called to account
主责 | main responsibility
次责 | secondary responsibility
代责 | vicarious responsibility
本所办 | handled here
下交 | handed down
上呈 | submitted upward
移交 | handed over
```

```vocabulary 情态
应 | shall
可 | may
比照 | by analogy
```

## 第一条 {#1}
> 第一条 路灯不亮而不修、不报,致使行人跌倒,情节严重的,应当追责;夜间巡查的除外。

"""

BASE = """# 共同的记录

```case 底
标题 路灯 / lamps
依据 lamps
机关 U1
单位 U0 总所
  类型 路灯所
  层级 大区
单位 U1 东所
  类型 路灯所
  层级 小区
  上级 U0
单位 U2 东所一班
  类型 路灯所
  层级 小区
  上级 U1
单位 U3 电力站
  类型 电力站
  上级 U0
职务 P1 东所所长
  单位 U1
  角色 所长
  职级 甲级
  任职方式 常任
  管理 U1
职务 P2 一班班长
  单位 U2
  角色 班长
  职级 乙级
职务 P3 巡查员
  单位 U1
行为 A1 三月漏修
  起 2015-03-01
  止 2015-03-31
行为 A2 五月漏修
  起 2015-05-01
参与 P1 A1
证据 簿 值班簿
  形式 值班簿
证据 照 现场照片
  形式 照片
证据 信 一封匿名信
  形式 匿名信
```

# 本例

```case 本例
标题 本例 / this case
基于 底
"""


def facts(*lines: str) -> str:
    """A table of facts: `name nature scope`, then in any order `证 forms`, `反证 forms`, `取 comparison`."""
    rows = [
        "| 事实 | English | 问题 | Question | 性质 | 对象 | 证明 | 反证 | 取自 |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for line in lines:
        name, nature, scope, *rest = line.split()
        cells: dict[str, list[str]] = {"证": [], "反证": [], "取": []}
        side = ""
        for word in rest:
            if word in cells:
                side = word
            else:
                cells[side].append(word)
        proof, disproof, source = (" ".join(words).replace("|", "\\|") for words in cells.values())
        proof = proof or {"判断": "须写明理由", "数据": ""}.get(nature, "值班簿、照片")
        rows.append(
            f"| {name} | {name} is so | {name}? | Is {name} so? | {nature} | {scope} | {proof} | {disproof} | {source} |"
        )
    return "\n".join(rows) + "\n\n"


def rule(id: str, condition: str, *header: str, group: str = "情形", says: str = "追责 应") -> str:
    """A rule; the whole condition of a circumstance is its conduct, and it requires no consequence."""
    lines = [f"标题 规则{id} / rule {id}", f"组 {group}", f"结论 {says}", *header]
    condition = dedent(condition).strip()
    if "情形" in group and "行为" not in condition.split():
        lines += ["后果 无"]
        condition = f"行为 {condition}"
    return f"```rule {id}\n" + "\n".join(lines) + f"\n条件 {condition}\n```\n\n"


def define(name: str, condition: str) -> str:
    return f"```define {name}\n标题 定义{name} / definition {name}\n条件 {dedent(condition).strip()}\n```\n\n"


def reading(id: str, *options: str, default: str = "", mildest: str = "", more: str = "") -> str:
    """A reading with these options; the first is the default and the mildest unless said otherwise."""
    listed = "\n".join(f"选项 {option} 取{option} / take {option}" for option in options)
    return (
        f"```reading {id}\n问题 {id}作何解? / How is {id} read?\n{listed}\n默认 {default or options[0]}\n"
        f"理由 文义 / plain words\n最轻 {mildest or options[0]}\n有权解释 总所 / head office\n{more or '状态 未决'}\n```\n\n"
    )


def exception(id: str, overrides: str, condition: str, reach: str = "参与", effect: str = "免除") -> str:
    return (
        f"```exception {id}\n标题 例外{id} / exception {id}\n推翻 {overrides}\n范围 {reach}\n效果 {effect}\n"
        f"条件 {dedent(condition).strip()}\n```\n\n"
    )


def constraint(id: str, body: str) -> str:
    return f"```constraint {id}\n标题 约束{id} / constraint {id}\n{dedent(body).strip()}\n```\n\n"


def note(id: str, condition: str, *header: str) -> str:
    lines = "\n".join(("标题 提示 / note", "文字 请注意。 / Take note.", *header))
    return f"```note {id}\n{lines}\n条件 {dedent(condition).strip()}\n```\n\n"


def guard(id: str, about: str, condition: str) -> str:
    return f"```guard {id}\n标题 保障 / guard\n关于 {about}\n文字 须复核。 / Review first.\n条件 {dedent(condition).strip()}\n```\n\n"


def law(*parts: str) -> Law:
    """The lamp measures with these facts and blocks below their first article."""
    return compile_sources([source_of(written(*parts).encode(), "lamps/2015-01-01.md")])


def written(*parts: str) -> str:
    """The lamp measures as their author writes them."""
    text = HEAD + "".join(parts)
    return text if "```rule" in text else text + "不编码:试验事实。 / Facts are tried.\n"


def case(records: str = "", base: str = BASE) -> Case:
    """The common records with these below them."""
    *_, found = parse_case_text(f"{base}{dedent(records).strip()}\n```\n", "lamps.md")
    return found


def determined(law: Law, records: str = "", /, on: date = ON, **chosen: str) -> Determination:
    """The determination of a case that is free of problems."""
    found = case(records)
    assert check_case(found, law) == []
    return determine(law, found, on, chosen)


def established(law: Law, records: str, name: str, *entities: str) -> Established:
    """The state of one fact in a case."""
    return determined(law, records).evaluation.fact(FactKey(name, entities))


def conclusion(found: Determination, rule: str, respondent: str = "P1", act: str = "A1") -> Conclusion:
    """The rule's own conclusion, not one that an exception puts in its place."""
    [one] = [
        each
        for each in found.all()
        if (each.rule.id, each.respondent, each.act) == (rule, respondent, act) and each.replaced_by is None
    ]
    return one


def state(found: Determination, rule: str, respondent: str = "P1", act: str = "A1") -> State:
    return conclusion(found, rule, respondent, act).state


def states(found: Determination, rule: str, respondents: Iterable[str], act: str = "A1") -> dict[str, str]:
    return {who: str(state(found, rule, who, act)) for who in respondents}


def evaluated(law: Law, records: str = "") -> Evaluation:
    return determined(law, records).evaluation
