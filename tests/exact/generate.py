"""Random instruments as the Markdown a lawyer would write, and random cases as the JSON a program would.

Both go through the project's own readers. References go back only (a rule to what stands before it, an exception to
what stands after it), so that nothing is circular unless `circular` allows every reference.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from wenze.law.case import Case
from wenze.law.casefile.cases import case_from_json

Draw = Callable[[st.SearchStrategy[Any]], Any]

RANKS = ("处级", "科级", "科员")
READINGS = ("读甲", "读乙", "读丙")
OPTIONS = ("宽", "严", "中")
LABELS = ("甲组", "乙组")
ROLES = ("情形", "责任", "权限", "渠道")
SCOPES = {
    "案": ("案件", ""),
    "主": ("主体", "R"),
    "行": ("行为", "A"),
    "参": ("参与", "RA"),
    "事": ("事件", "E"),
    "果": ("结果", "AE"),
}
DATA = {
    "主.机关": ("主体", "主体.种类 是 机关"),
    "主.在县": ("主体", "主体.层级 是 县\\|州"),
    "主.科级": ("主体", "主体.职级 是 科级"),
    "主.本级": ("主体", "主体.管理 是 本级\\|下级"),
    "行.施行后": ("行为", "行为.止 不早于 2014-05-01"),
    "行.有环节": ("行为", "行为.环节 有"),
    "参.主持": ("参与", "参与.部分 含 主持\\|表决"),
    "参.有职责": ("参与", "参与.职责 有"),
    "参.主张": ("参与", "参与.主张 含 不可能"),
    "事.重大": ("事件", "事件.等级 是 重大"),
}
NATURES = ("事实", "因果", "判断", "只认")
LETTERS = {name: letters for _, (name, letters) in SCOPES.items()}

_HEAD = """# 试验办法

```instrument shi
名称 试验办法 / Trial Measures
施行 2014-05-01
组 情形 circumstance
组 责任 responsibility
组 权限 competence
组 渠道 channel
组 甲组
组 乙组
```
"""
_VOCABULARIES = {
    "单位类型": "党委 政府",
    "层级 有序": "州 县 乡",
    "职务角色": "领导 干部",
    "职级 有序": " ".join(RANKS),
    "任职方式": "正式 代理",
    "部分": "主持 表决 列席",
    "主张": "不可能",
    "环节": "信息 决策",
    "行为形式": "会议 传签",
    "证据形式": "书证 录音 传闻",
    "不作证明": "传闻",
    "事件等级": "一般 重大",
    "种类": "问责 直接 领导",
    "情态": "应当 可以 参照",
}


@dataclass(frozen=True)
class Item:
    """A definition, rule or exception to come: enough to know who may refer to it."""

    kind: str
    name: str
    letters: str  # the entities it may speak of
    role: str = ""
    label: str = ""


class Writer:
    """Writes one instrument from drawn choices."""

    def __init__(self, draw: Draw, *, circular: bool = False, ranked: bool = False) -> None:
        self.draw = draw
        self.circular = circular
        self.ranked = ranked
        self.natures: dict[str, str] = {}
        self.readings: dict[str, int] = {}
        self.used: set[str] = set()
        self.items: list[Item] = []

    def one(self, *values: Any) -> Any:
        return self.draw(st.sampled_from(values))

    def number(self, low: int, high: int) -> int:
        return int(self.draw(st.integers(low, high)))

    def instrument(self) -> str:
        facts = [f"{scope}.{name}" for scope in SCOPES for name in "子丑"[: self.number(1, 2)]]
        self.natures = {name: self.one(*NATURES) for name in facts}
        self.readings = {name: self.number(2, 3) for name in READINGS[: self.number(0, 3)]}
        self.items = [self._item(index) for index in range(self.number(0, 5))]
        self.items.append(Item("rule", "1-则末", "RA", self.one(*ROLES)))
        self._drop_idle_exceptions()
        blocks = [self._block(index, item) for index, item in enumerate(self.items)]
        blocks += [self._constraint(index) for index in range(self.number(0, 3))]
        blocks += [self._note(index) for index in range(self.number(0, 2))]
        blocks += [self._guard(index) for index in range(self.number(0, 1))]
        return "\n".join(
            [_HEAD, *self._fixed(), *(self._reading(name, count) for name, count in self.readings.items()), *blocks]
        )

    def _fixed(self) -> list[str]:
        terms = [
            f"```vocabulary {name}\n" + "".join(f"{term} | {term}\n" for term in words.split()) + "```\n"
            for name, words in _VOCABULARIES.items()
        ]
        rows = [
            "## 第一条 {#1}\n> 第一条 凡此者,问责。\n",
            "| 事实 | English | 问题 | Question | 性质 | 对象 | 证明 | 取自 |",
            "|" + "---|" * 8,
        ]
        for name, nature in self.natures.items():
            proof = "限 书证、录音" if nature == "只认" else "理由" if nature == "判断" else "书证"
            nature = "事实" if nature == "只认" else nature
            rows.append(f"| {name} | {name} | {name}? | {name}? | {nature} | {SCOPES[name[0]][0]} | {proof} | |")
        rows += [
            f"| {name} | {name} | {name}? | {name}? | 事实 | {scope} | 书证 | |"
            for name, scope in (("名单.参与", "行为"), ("名单.全案", "案件"))
        ]
        rows += [
            f"| {name} | {name} | {name}? | {name}? | 数据 | {scope} | | {source} |"
            for name, (scope, source) in DATA.items()
        ]
        return [*terms, *rows, ""]

    def _reading(self, name: str, count: int) -> str:
        options = "\n".join(f"选项 {option} 读 / read" for option in OPTIONS[:count])
        question, rest = "问题 何解? / How?", "默认 宽\n理由 因 / why\n最轻 严\n有权解释 机关 / organ\n状态 未决"
        return f"```reading {name}\n{question}\n{options}\n{rest}\n```\n"

    def _item(self, index: int) -> Item:
        kind = self.one("rule", "define", "exception")
        if kind == "define":
            return Item(kind, f"定义{index}", self.one("RA", "R", "RAE", ""))
        letters = self.one("RA", "R")
        if kind == "exception":
            return Item(kind, f"1-例{index}", letters)
        return Item(kind, f"1-则{index}", letters, self.one(*ROLES), self.one("", *LABELS))

    def _block(self, index: int, item: Item) -> str:
        lines = self.tree(index, item.letters, self.one(1, 2, 3, 3))
        if item.kind == "define":
            return f"```define {item.name}\n标题 定义 / definition\n条件 {_text(lines)}\n```\n"
        if item.kind == "exception":
            return self._exception(index, item, lines)
        head = [f"```rule {item.name}", "标题 规则 / rule", f"组 {'、'.join(filter(None, (item.role, item.label)))}"]
        head += ["对象 主体"] if item.letters == "R" else []
        definitions = self._definitions(index, item.letters)
        if definitions:
            head += [f"适用 {self.one(*definitions)}" for _ in range(self.number(0, 2))]
        head.append(f"结论 问责 {self.one('应当', '可以')}")
        if definitions:
            head += [
                f"情态 {modality} 若 {self.one(*definitions)}" for modality in ("参照", "可以")[: self.number(0, 2)]
            ]
        if item.role == "情形":
            head.append("后果 无")
            lines = [f"行为 {lines[0]}", *lines[1:]]
        return "\n".join([*head, f"条件 {_text(lines)}", "```\n"])

    def _exception(self, index: int, item: Item, lines: list[str]) -> str:
        reached = self._overridable(index, item)
        names = [other.name for other in reached]
        names += [
            group
            for group in (*ROLES, *LABELS)
            if (of := self._of_group(group)) and all(rule in reached for rule in of)
        ]
        chosen = list(dict.fromkeys(self.one(*names) for _ in range(self.number(1, 2))))
        replaces = not any(name.startswith("1-例") for name in chosen) and self.one(False, True)
        effect = "替代 直接" if replaces else "免除"
        scope = "主体" if item.letters == "R" else "参与"
        head = [
            f"```exception {item.name}",
            "标题 例外 / exception",
            f"推翻 {'、'.join(chosen)}",
            f"范围 {scope}",
            f"效果 {effect}",
        ]
        return "\n".join([*head, f"条件 {_text(lines)}", "```\n"])

    def _overridable(self, index: int, item: Item) -> list[Item]:
        later = self.items if self.circular else self.items[index + 1 :]
        return [other for other in later if other.kind != "define" and set(item.letters) <= set(other.letters)]

    def _drop_idle_exceptions(self) -> None:
        """Take away the exceptions that could override nothing."""
        for index in reversed(range(len(self.items))):
            if self.items[index].kind == "exception" and not self._overridable(index, self.items[index]):
                del self.items[index]

    def _constraint(self, index: int) -> str:
        head = [f"```constraint 约束{index}", "标题 约束 / constraint"]
        kind = self.one("若", "互斥", "至多一")
        if kind == "若":
            head += [f"{key} {_text(self._plain(1))}" for key in ("若", "则")]
        else:
            head.append(kind)
            for _ in range(self.number(2, 3)):
                head += [f"  {line}" for line in self._plain(1)]
        return "\n".join([*head, "```\n"])

    def _note(self, index: int) -> str:
        letters = self.one("RA", "R")
        about = self.one("", *(item.name for item in self.items if item.kind == "rule"))
        head = [
            f"```note 1-注{index}",
            "标题 提示 / note",
            "文字 注意 / mind",
            f"对象 {'主体' if letters == 'R' else '参与'}",
        ]
        head += [f"关于 {about}"] if about else []
        return "\n".join([*head, f"条件 {_text(self.tree(len(self.items), letters, 2))}", "```\n"])

    def _guard(self, index: int) -> str:
        about = self.one(*(item for item in self.items if item.kind == "rule"))
        head = [f"```guard 保{index}", "标题 保障 / guard", "文字 注意 / mind", f"关于 {about.name}"]
        return "\n".join([*head, f"条件 {_text(self.tree(len(self.items), about.letters, 2))}", "```\n"])

    def _plain(self, depth: int) -> list[str]:
        """A tree over facts only."""
        kind = self.one("fact", "not", "all", "any", "at-least") if depth else "fact"
        if kind == "fact":
            return [self._fact("RAE")]
        if kind == "not":
            return self._join("非", self._plain(depth - 1))
        word, count = {"all": ("全部", 2), "any": ("任一", 2), "at-least": ("至少 2", 3)}[kind]
        return [word, *(f"  {line}" for _ in range(count) for line in self._plain(depth - 1))]

    def _fact(self, letters: str) -> str:
        names = [name for name in self.natures if set(SCOPES[name[0]][1]) <= set(letters)]
        names += [name for name, (scope, _) in DATA.items() if set(LETTERS[scope]) <= set(letters)]
        if "A" in letters:
            names.append("名单.参与")
        name = self.one(*names)
        self.used.add(name)
        return str(name)

    def _of_group(self, group: str) -> list[Item]:
        return [item for item in self.items if group in (item.role, item.label)]

    def _definitions(self, index: int, letters: str) -> list[str]:
        earlier = self.items if self.circular else self.items[:index]
        return [item.name for item in earlier if item.kind == "define" and set(item.letters) <= set(letters)]

    def _held(self, index: int, letters: str) -> list[str]:
        """The rules and groups that may be asked for here."""
        earlier = self.items if self.circular else self.items[:index]
        rules = [item for item in earlier if item.kind == "rule" and set(item.letters) <= set(letters)]
        groups = [
            group for group in (*ROLES, *LABELS) if (of := self._of_group(group)) and all(rule in rules for rule in of)
        ]
        return [*(rule.name for rule in rules), *groups]

    def tree(self, index: int, letters: str, depth: int) -> list[str]:
        """A condition for which these entities are at hand, as lines."""
        if self.ranked and depth and set("RA") <= set(letters):
            kinds = ["fact", "not", "all", "any", "some", "highest", "last", "highest", "last"]
        else:
            kinds = self._kinds(index, letters, depth)
        kind = self.one(*kinds)
        if kind == "fact":
            return [self._fact(letters)]
        if kind == "constant":
            return [self.one("恒真", "恒假")]
        if kind == "see":
            return [f"见 {self.one(*self._definitions(index, letters))}"]
        if kind == "holds":
            return [f"成立 {self.one(*self._held(index, letters))}"]
        if kind == "by-reading":
            name = self.one(*self.readings)
            taken = [
                self._join(f"取 {option}", self.tree(index, letters, depth - 1))
                for option in OPTIONS[: self.readings[name]]
            ]
            return [f"依解读 {name}", *(f"  {line}" for lines in taken for line in lines)]
        if kind in {"all", "any", "at-least"}:
            word = {"all": "全部", "any": "任一", "at-least": "至少 2"}[kind]
            count = self.number(2, 3)
            return [word, *(f"  {line}" for _ in range(count) for line in self.tree(index, letters, depth - 1))]
        return self._outer(kind, index, letters, depth)

    def _kinds(self, index: int, letters: str, depth: int) -> list[str]:
        kinds = ["fact", "fact", "constant"]
        kinds += ["see"] if self._definitions(index, letters) else []
        kinds += ["holds"] if self._held(index, letters) else []
        if depth:
            kinds += ["not", "all", "any", "at-least", *(["by-reading"] if self.readings else [])]
            kinds += ["some", "every", "events"] if "A" in letters else []
            kinds += ["highest", "last"] if set("RA") <= set(letters) else []
        return kinds

    def _outer(self, kind: str, index: int, letters: str, depth: int) -> list[str]:
        """An operator of one child."""
        if kind == "not":
            return self._join("非", self.tree(index, letters, depth - 1))
        complete = self.one("名单.参与", "名单.全案")
        self.used.add(complete)
        if kind == "events":
            word = f"{self.one('某', '每')} 事件 名单 {complete}"
            return self._join(word, self.tree(index, "".join(sorted({*letters, "E"})), depth - 1))
        if kind in {"highest", "last"}:
            return self._join(
                f"{'最高' if kind == 'highest' else '最后'} 名单 {complete}", self.tree(index, letters, depth - 1)
            )
        except_self = " 除本人" if "R" in letters and self.one(False, True) else ""
        word = f"{'某' if kind == 'some' else '每'} 参与{except_self} 名单 {complete}"
        return self._join(word, self.tree(index, "".join(sorted({*letters, "R"})), depth - 1))

    def _join(self, word: str, child: list[str]) -> list[str]:
        """An operator with its child on the same line or below it."""
        if len(f"{word} {child[0]}".split()) <= 9 and self.one(True, False):
            return [f"{word} {child[0]}", *child[1:]]
        return [word, *(f"  {line}" for line in child)]


def _text(lines: list[str]) -> str:
    return "\n".join(lines)


@st.composite
def instruments(draw: Draw, circular: bool = False, ranked: bool = False) -> tuple[str, frozenset[str], dict[str, str]]:
    """An instrument's Markdown, the facts it uses besides data, and an option for each of its readings.

    `ranked`: much of it asks who stands highest and who signed last.
    """
    writer = Writer(draw, circular=circular, ranked=ranked)
    text = writer.instrument()
    options = {name: draw(st.sampled_from(OPTIONS[:count])) for name, count in writer.readings.items()}
    return text, frozenset(writer.used - DATA.keys()), options


_STATES = (
    "open",
    "proven",
    "disproven",
    "proven",
    "disproven",
    "open",
    "contested",
    "resolved",
    "wrong form",
    "overruled",
    "unsigned",
)


_PLAIN = ("proven", "disproven", "open", "proven")


@st.composite
def cases(draw: Draw, used: frozenset[str], ranked: bool = False) -> Case:
    """A case of up to three posts, a unit, two acts and two events, with evidence on the facts used."""

    def one(*values: Any) -> Any:
        return draw(st.sampled_from(values))

    other = {"id": "U8", "title": "旁", **_maybe(level=one(None, "州", "乡"))}
    units = [
        other,
        {"id": "U0", "title": "州", "parent": "U9", **_maybe(level=one(None, "州"))},
        {"id": "U9", "title": "上", **_maybe(level=one(None, "州"))},
        {"id": "U1", "title": "县", "parent": "U0", "manager": one("U0", "U8"), **_maybe(level=one(None, "县", "乡"))},
    ]
    posts = [f"P{number}" for number in range(1, (3 if ranked else draw(st.integers(1, 3))) + 1)]
    events = [f"V{number}" for number in range(1, draw(st.integers(0, 2)) + 1)]
    acts = [f"A{number}" for number in range(1, draw(st.integers(1, 2)) + 1)]
    of_act = {act: [event for event in events if one(True, False)] for act in acts}
    joined = [
        (respondent, act)
        for act in acts
        for respondent in (*posts, "U1")
        if respondent == "P1" or ranked or one(False, True)
    ]
    evidence = [{"id": f"证{form}", "title": form, **_maybe(form=form)} for form in ("书证", "传闻")]
    written: dict[str, Any] = {
        "format": "wenze-case/1",
        "id": "案",
        "title": {"zh": "案"},
        "instrument": "shi",
        "organ": "U0",
        "units": units,
        "posts": [
            {
                "id": post,
                "title": post,
                "unit": "U1",
                **_maybe(rank=one(None, *RANKS), manager=one(None, "U0", "U1", "U8", "U9")),
            }
            for post in posts
        ],
        "acts": [
            {"id": act, "title": act, "events": of_act[act], **one(*_DAYS), **_maybe(link=one(None, "决策"))}
            for act in acts
        ],
        "events": [{"id": event, "title": event, **_maybe(grade=one(None, "重大", "一般"))} for event in events],
        "duties": [{"id": "D1", "title": "职责"}],
        "evidence": evidence,
        "participations": [
            {"respondent": respondent, "act": act, **one(*_PARTS), **_maybe(order=one(None, 1, 2))}
            for respondent, act in joined
        ],
        "facts": [],
        "findings": [],
    }
    places: dict[str, list[Any]] = {
        "案": [()],
        "主": [("U1",), *((post,) for post in posts)],
        "行": [(act,) for act in acts],
        "参": joined,
        "事": [(event,) for event in events],
    }
    places |= {
        "果": [(act, event) for act in acts for event in of_act[act]],
        "名单.参与": places["行"],
        "名单.全案": [()],
    }
    for name in sorted(used):
        for entities in places[name if name.startswith("名单") else name[0]]:
            _evidence(written, name, list(entities), one(*(_PLAIN if ranked else _STATES)))
    return case_from_json(written, "case.json")


_DAYS: tuple[dict[str, str], ...] = (
    {},
    {"start": "2013-01-01"},
    {"start": "2014-06-01"},
    {"start": "2013-01-01", "end": "continuing"},
)
_PARTS: tuple[dict[str, Any], ...] = (
    {},
    {"parts": ["主持"], "evidence": ["证书证"], "claims": ["不可能"]},
    {"parts": ["主持"]},
    {"parts": ["列席"], "duties": ["D1"]},
    {"parts": ["表决", "列席"], "evidence": ["证书证"], "against": ["证传闻"]},
    {"parts": ["主持"], "evidence": ["证书证"], "against": ["证书证"]},
)


def _maybe(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _evidence(written: dict[str, Any], name: str, entities: list[str], state: str) -> None:
    """Records that give a fact a state; a judgement takes its own from the finding only."""
    key = {"fact": name, "entities": entities}
    good, bad = ["证书证"], ["证传闻"]
    sides: dict[str, tuple[list[str], list[str], bool | None]] = {
        "open": ([], [], None),
        "proven": (good, [], True),
        "disproven": ([], good, False),
        "contested": (good, good, None),
        "resolved": (good, bad, False),
        "wrong form": (bad, [], None),
        "overruled": (good, [], False),
        "unsigned": (good, good, True),
    }
    for_it, against, holds = sides[state]
    if for_it or against:
        written["facts"].append(
            {**key, **({"for": for_it} if for_it else {}), **({"against": against} if against else {})}
        )
    if holds is not None:
        signed = {} if state == "unsigned" else {"reasons": "理由"}
        written["findings"].append({**key, "holds": holds, "by": "调查组", "date": "2015-05-06", **signed})
