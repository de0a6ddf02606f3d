"""A finding on the law itself, and how its parts are called in one. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wenze.law.rules import Bilingual, Node, Op, Place

_OPERATORS = {
    Op.ALL: Bilingual("全部", "all"),
    Op.ANY: Bilingual("任一", "any"),
    Op.AT_LEAST: Bilingual("至少", "at least"),
    Op.NOT: Bilingual("非", "not"),
    Op.CHOOSE: Bilingual("依解读", "by reading"),
    Op.SEE: Bilingual("见", "see"),
    Op.HOLDS: Bilingual("成立", "holds"),
    Op.SOME: Bilingual("某", "some"),
    Op.EVERY: Bilingual("每", "every"),
    Op.HIGHEST: Bilingual("最高", "highest"),
    Op.LAST: Bilingual("最后", "last"),
    Op.TRUE: Bilingual("恒真", "true"),
    Op.FALSE: Bilingual("恒假", "false"),
    Op.FACT: Bilingual("", ""),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the law that its author should look at; `example` is a case in words where one says more."""

    id: str
    place: Place
    message: Bilingual
    example: Bilingual | None = None


def called(node: Node) -> Bilingual:
    """A condition as a finding names it: its operator, what it speaks of, the words it quotes."""
    operator = _OPERATORS[node.op]
    quoted = "".join(f"「{quote.words}」" for quote in node.quotes)
    what = f"{node.name or (node.count or '')}"
    return Bilingual(
        " ".join(filter(None, (operator.zh, what, quoted))), " ".join(filter(None, (operator.en, what, quoted)))
    )


def listed(names: Iterable[str]) -> Bilingual:
    """Names in a row."""
    found = list(names)
    return Bilingual("、".join(found), ", ".join(found))
