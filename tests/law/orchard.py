"""A fictitious instrument on orchards with nothing to find in it, and how to spoil it, for `wenze check`."""

from __future__ import annotations

from datetime import date

from wenze.law import Case, Law, compile_sources
from wenze.law.casefile.cases import parse_case_text
from wenze.law.parse import source_of

ON = date(2015, 1, 1)

CLEAN = """# 果园管理办法(虚构)

```instrument orchard
名称 果园管理办法 / Measures on Orchards (fictitious)
施行 2010-01-01
组 情形 circumstance
组 责任 responsibility
```

```vocabulary 单位类型
果园 | orchard
水站 | water station
```

```vocabulary 职务角色
主任 | warden
园工 | gardener
```

```vocabulary 部分
经手 | handled
旁观 | looked on
```

```vocabulary 证据形式
台账 | ledger
照片 | photograph
```

```vocabulary 种类
问责 | accountability
直接责任 | direct responsibility
劝告 | advice
```

```vocabulary 情态
应当 | shall
```

## 第一条 {#1}
> 第一条 果园主任擅自砍树,造成水土流失的,应当问责。

| 事实 | English | 问题 | Question | 性质 | 对象 | 证明 | 取自 |
|---|---|---|---|---|---|---|---|
| 人员.主任 | the respondent is the warden | 是否主任? | Is it the warden? | 数据 | 主体 | | 主体.角色 是 主任 |
| 人员.经手 | the respondent handled it | 是否经手? | Handled it? | 数据 | 参与 | | 参与.部分 含 经手 |
| 人员.园工 | the respondent is a gardener | 是否园工? | Is it a gardener? | 数据 | 主体 | | 主体.角色 是 园工 |
| 砍树.实施 | trees felled | 是否砍树? | Were trees felled? | 事实 | 参与 | 台账、照片 | |
| 砍树.获批 | it was approved | 是否获批? | Was it approved? | 事实 | 行为 | 限 台账 | |
| 流失.严重 | it was serious | 流失是否严重? | Was the erosion serious? | 判断 | 事件 | 对照《水土标准》说明 | |
| 流失.任何 | there was erosion | 是否有水土流失? | Was there erosion? | 事实 | 事件 | 照片 | |
| 流失.由此 | the felling caused it | 是否由砍树造成? | Did the felling cause it? | 因果 | 结果 | 照片 | |
| 名单.事件 | all events are listed | 事件是否列全? | Are all events listed? | 事实 | 行为 | 台账 | |
| 砍树.夜间 | it was done at night | 是否在夜间? | Was it at night? | 事实 | 行为 | 台账 | |
| 砍树.有证人 | there was a witness | 是否有证人? | Was there a witness? | 事实 | 行为 | 台账 | |

```constraint 严重即有
标题 严重流失也是流失 / serious erosion is erosion
若 流失.严重
则 流失.任何
```

```define 园主任
标题 果园主任 / the warden of an orchard
条件 人员.主任 「果园主任」@1
```

```rule 1
标题 擅自砍树 / unapproved felling
组 情形
适用 园主任
结论 问责 应当 「应当问责」
条件 全部
  行为 全部
    砍树.实施 「砍树」
    非 砍树.获批 「擅自」
  后果 某 事件 名单 名单.事件 「造成」
    全部
      流失.由此 「造成」
      依解读 流失-程度 「水土流失的」
        取 严重 流失.严重
        取 任何 流失.任何
```

```reading 流失-程度
问题 流失须严重吗? / Must the erosion be serious?
选项 严重 须严重 / serious
选项 任何 任何流失 / any
默认 严重
理由 文义 / the plain words
最轻 严重
有权解释 果园局 / the orchard bureau
状态 未决
```

```note 夜间
标题 夜间 / at night
文字 夜间砍树的,注意。 / Mind felling at night.
关于 1
条件 砍树.夜间
```

```guard 证人
标题 证人 / witness
关于 1
文字 须有证人。 / A witness is needed.
条件 全部
  砍树.有证人
  非 人员.园工
```

```duty-source 砍伐规程
标题 砍伐规程 / Felling Rules
持有 是
说明 在此 / here
```

## 第二条 {#2}
> 第二条 果园主任雨季开渠的,应当问责。

| 事实 | English | 问题 | Question | 性质 | 对象 | 证明 |
|---|---|---|---|---|---|---|
| 开渠.雨季 | a channel in the rains | 是否雨季开渠? | Was a channel dug in the rains? | 事实 | 参与 | 台账 |

```constraint 砍树-开渠
标题 不能同时 / not both
互斥
  砍树.实施
  开渠.雨季
```

```rule 2
标题 雨季开渠 / channels in the rains
组 情形
适用 园主任 「果园主任」
结论 问责 应当 「应当问责」
后果 无
条件 行为 全部
  开渠.雨季 「雨季开渠的」
```

## 第三条 {#3}
> 第三条 砍树、开渠由经手人承担直接责任,事先反对的除外。

| 事实 | English | 问题 | Question | 性质 | 对象 | 证明 |
|---|---|---|---|---|---|---|
| 反对.事先 | the respondent objected beforehand | 是否事先反对? | Objected beforehand? | 事实 | 参与 | 台账 |
| 反对.书面 | the objection was in writing | 是否书面反对? | In writing? | 事实 | 参与 | 台账 |

```rule 3
标题 经手人 / the handler
组 责任
结论 直接责任 应当 「承担直接责任」
条件 全部
  成立 情形
  人员.经手 「由经手人」
  任一 「、」
    砍树.实施 「砍树」
    开渠.雨季 「开渠」
```

```exception 3-反对
标题 事先反对 / objected beforehand
推翻 3
效果 免除
条件 反对.事先 「事先反对的除外」
```

```exception 3-书面
标题 书面反对的,改为劝告 / a written objection: advice instead
推翻 3
效果 替代 劝告
条件 反对.书面
```

## 第四条 {#4}
> 第四条 本办法自发布之日起施行。

不编码:时间 / time
"""


def law_of(text: str = CLEAN) -> Law:
    return compile_sources([source_of(text.encode(), "orchard.md")])


def spoilt(*changes: tuple[str, str]) -> Law:
    """The clean law with pieces of its text replaced; each piece must be there once."""
    text = CLEAN
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return law_of(text)


# The same, but serious erosion is not erosion by a constraint: the two options of the reading come apart.
LOOSE = spoilt(("若 流失.严重", "若 流失.任何"))


BASE = """# 案例

```case 基础
标题 砍树 / felling
依据 orchard
单位 U1 某果园
  类型 果园
职务 P1 某主任
  单位 U1
  角色 主任
职务 P2 某园工
  单位 U1
  角色 园工
行为 A1 砍树
  起 2012-03-01
  事件 V1
事件 V1 塌坡
证据 账 某台账
  形式 台账
证据 照 某照片
  形式 照片
参与 P1 A1
  部分 经手
  证据 账
事实 砍树.实施 P1 A1 有 账
事实 砍树.获批 A1 反 账
认定 流失.严重 V1 是 果园局 2012-04-01 多处塌坡
事实 流失.由此 A1 V1 有 照
事实 名单.事件 A1 有 账
{more}
```
"""


def cases_of(*lines: str) -> tuple[Case, ...]:
    """The base case, in which 1 is made out for P1, with further lines."""
    return parse_case_text(BASE.format(more="\n".join(lines)), "orchard-cases.md")
