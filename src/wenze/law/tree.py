"""The inside of a block: header lines and condition trees, line by line. Knows the keywords, no names.

A block's body is `key value` lines without indentation; a key that takes a condition is followed by its tree, two
spaces a level.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from wenze.law.problems import Problem
from wenze.law.rules import Mark, Node, Op, Place, Quote

MAX_DEPTH = 40  # levels of a tree; a lawyer loses the thread long before
MAX_CHAIN = 6  # operators on one line

_AT = re.compile(r"(?:@([0-9]+(?:\.[0-9]+)?))?")
_WORDS = {
    "全部": Op.ALL,
    "all": Op.ALL,
    "任一": Op.ANY,
    "any": Op.ANY,
    "至少": Op.AT_LEAST,
    "at-least": Op.AT_LEAST,
    "非": Op.NOT,
    "not": Op.NOT,
    "依解读": Op.CHOOSE,
    "by-reading": Op.CHOOSE,
    "见": Op.SEE,
    "see": Op.SEE,
    "成立": Op.HOLDS,
    "holds": Op.HOLDS,
    "某": Op.SOME,
    "some": Op.SOME,
    "每": Op.EVERY,
    "every": Op.EVERY,
    "最高": Op.HIGHEST,
    "highest": Op.HIGHEST,
    "最后": Op.LAST,
    "last": Op.LAST,
    "恒真": Op.TRUE,
    "true": Op.TRUE,
    "恒假": Op.FALSE,
    "false": Op.FALSE,
}
_CHINESE = {op: word for word, op in reversed(_WORDS.items()) if not word.isascii()} | {Op.FACT: "a fact"}
_MARKS = {"行为": Mark.CONDUCT, "conduct": Mark.CONDUCT, "后果": Mark.CONSEQUENCE, "consequence": Mark.CONSEQUENCE}
_OVER = {"参与": "participants", "participants": "participants", "事件": "events", "events": "events"}
_TWO_WORDS = {("at", "least"), ("by", "reading"), ("except", "self")}  # English that is also written with -
_TAKE = {"取", "take"}
_EXCEPT = {"除本人", "except-self"}
_LIST = {"名单", "list"}
_QUOTING = {"条件", "condition", "适用", "applies", "结论", "conclusion", "情态", "modality", "若", "if", "则", "then"}
_NAMED = {Op.SEE: "a definition", Op.HOLDS: "a rule or group", Op.CHOOSE: "a reading"}
_ONE_CONDITION = "write one condition; several go under 全部 (all) or 任一 (any)"
_LEAVES = {Op.SEE, Op.HOLDS, Op.TRUE, Op.FALSE, Op.FACT}
_OVER_LISTS = {Op.SOME, Op.EVERY, Op.HIGHEST, Op.LAST}
_ONE_CHILD = {Op.NOT, Op.SOME, Op.EVERY, Op.HIGHEST, Op.LAST}


@dataclass(slots=True)
class Line:
    """One line of a block body: its level of indentation, its words without quotes, its quotes."""

    level: int
    words: str
    quotes: tuple[Quote, ...]
    place: Place


@dataclass(slots=True)
class Entry:
    """A header line, with the lines indented below it."""

    key: str
    value: str
    quotes: tuple[Quote, ...]
    place: Place
    below: list[Line] = field(default_factory=list)


def read_lines(body: str, first: Place, problems: list[Problem]) -> list[Line]:
    """The lines of a block body that starts at `first`; empty lines and comments are dropped."""
    lines: list[Line] = []
    for offset, raw in enumerate(body.split("\n")):
        place = Place(first.file, first.line + offset)
        text = re.sub(r"(^|\s)#.*$", "", raw).rstrip()
        if not text.strip():
            continue
        indent = len(text) - len(text.lstrip(" "))
        if text[indent].isspace():
            message = f"a tab or wide space before `{text.strip()}`"
            problems.append(Problem(place, "L010", message, "indent with two spaces a level"))
        elif indent % 2:
            message = f"`{text.strip()}` is indented by `{indent}` spaces"
            problems.append(Problem(place, "L011", message, "indent with two spaces a level"))
        else:
            quoting = indent or split_key(text)[0].lower() in _QUOTING
            words, quotes = split_quotes(text.strip(), place, problems) if quoting else (text.strip(), ())
            lines.append(Line(indent // 2, words, quotes, place))
    return lines


def split_key(words: str) -> tuple[str, str]:
    """The key a header line begins with, a colon behind it dropped, and the rest."""
    match = re.match(r"([^\s:：]+)(?:\s*[:：])?\s*(.*)", words)
    return (match[1], match[2].strip()) if match else ("", words)


def split_quotes(text: str, place: Place, problems: list[Problem]) -> tuple[str, tuple[Quote, ...]]:
    """A line's words and the quotes at its end. Read from the end, one quote after the other: no line takes long."""
    words = text.rstrip()
    quotes: list[Quote] = []
    while True:
        closing = words.rfind("」")
        opening = words.rfind("「", 0, closing + 1)
        anchor = _AT.fullmatch(words, closing + 1)
        if opening < 0 or not anchor or "」" in words[opening:closing]:
            break
        quotes.append(Quote(words[opening + 1 : closing], anchor[1], place))
        words = words[:opening].rstrip()
    if "「" in words or "」" in words:
        hint = "put quotes 「…」 at the end of the line, each closed, @6 or @6.7 directly after it"
        problems.append(Problem(place, "L012", f"the quotes of `{text}` are not closed or not at its end", hint))
    return words, tuple(reversed(quotes))


def read_entries(lines: Iterable[Line], problems: list[Problem]) -> list[Entry]:
    """Header lines, each with what is indented below it."""
    entries: list[Entry] = []
    for line in lines:
        if line.level == 0:
            key, value = split_key(line.words)
            entries.append(Entry(key, value, line.quotes, line.place))
        elif entries:
            entries[-1].below.append(line)
        else:
            hint = "start the block without indentation"
            problems.append(Problem(line.place, "L013", f"`{line.words}` is indented below nothing", hint))
    return entries


@dataclass(slots=True)
class _Draft:
    """A node being read; `inline` continues on the same line, `below` is what is indented under it."""

    op: Op
    place: Place
    name: str = ""
    count: int = 0
    over: str = ""
    except_self: bool = False
    complete: str = ""
    mark: Mark | None = None
    quotes: tuple[Quote, ...] = ()
    option: str | None = None
    broken: bool = False  # a problem was noted; it is kept so that what stands below it finds its place
    inline: _Draft | None = None
    below: list[_Draft] = field(default_factory=list)

    def innermost(self) -> _Draft:
        return self.inline.innermost() if self.inline else self


def read_condition(entry: Entry, problems: list[Problem]) -> Node | None:
    """The tree of a header line that takes a condition: on its line, or as the single node below it."""
    if entry.value:
        root = _read_words(Line(0, entry.value, entry.quotes, entry.place), problems)
        _nest(entry.below, root, problems)
        drafts = [root]
    else:
        drafts = _nest(entry.below, None, problems)
    nodes = _finish(drafts, entry, problems)
    if len(drafts) != 1:
        message = f"`{entry.key}` has {_conditions(len(drafts))}"
        problems.append(Problem(entry.place, "L014", message, _ONE_CONDITION))
    return nodes[0] if len(nodes) == len(drafts) == 1 else None


def read_parts(entry: Entry, problems: list[Problem]) -> tuple[Node, ...]:
    """The trees below a header line, one each."""
    if entry.value or entry.quotes:
        message = f"`{entry.value or entry.quotes[0].words}` follows `{entry.key}` on its line"
        problems.append(Problem(entry.place, "L017", message, "indent each condition on a line of its own below it"))
    return tuple(_finish(_nest(entry.below, None, problems), entry, problems))


def _finish(drafts: list[_Draft], entry: Entry, problems: list[Problem]) -> list[Node]:
    """The nodes of drafts that stand directly below a header line; options do not."""
    for draft in drafts:
        if draft.option is not None:
            problems.append(_stray_option(draft, entry.key))
    return [node for draft in drafts if (node := _build(draft, problems)) and draft.option is None]


def _stray_option(draft: _Draft, above: str) -> Problem:
    message = f"the option `{draft.option}` below `{above}`"
    return Problem(draft.place, "L019", message, "options stand only below 依解读 (by-reading) and its reading")


def _conditions(count: int) -> str:
    return {0: "no condition", 1: "one condition"}.get(count, f"{count} conditions")


def _nest(lines: list[Line], root: _Draft | None, problems: list[Problem]) -> list[_Draft]:
    """Hang each line under the one it is indented below; without `root`, level 1 lines stand side by side."""
    top: list[_Draft] = []
    stack: list[_Draft] = [root.innermost()] if root else []
    for line in lines:
        if line.level > MAX_DEPTH:
            hint = f"use at most {MAX_DEPTH}; give a part its own name with define and read it with 见 (see)"
            problems.append(Problem(line.place, "L015", f"`{line.words}` stands `{line.level}` levels deep", hint))
            if stack:
                stack[-1].broken = True
            return top
        depth = line.level if root else line.level - 1
        draft = _read_words(line, problems)
        if depth > len(stack):
            hint = "indent it two spaces more than the line it belongs to"
            problems.append(Problem(line.place, "L016", f"`{line.words}` is indented too far", hint))
            draft.broken = True
            depth = len(stack)
        del stack[depth:]
        (stack[-1].below if stack else top).append(draft)
        stack.append(draft.innermost())
    return top


def _read_words(line: Line, problems: list[Problem]) -> _Draft:
    """The node or chain of nodes written on one line; a broken one after a problem."""
    draft = _chain(line.words.split(), line.place, problems)
    if draft is None:
        return _Draft(Op.TRUE, line.place, broken=True)
    draft.innermost().quotes = line.quotes
    return draft


def _chain(words: list[str], place: Place, problems: list[Problem]) -> _Draft | None:
    """Read `words` as one node, the rest of them as the node inside it."""
    drafts: list[_Draft] = []
    rest = list(words)
    while rest or not drafts:
        if len(drafts) > MAX_CHAIN:
            message = f"`{' '.join(words)}` has more than `{MAX_CHAIN}` operators on one line"
            problems.append(Problem(place, "L015", message, "write one operator a line"))
            return None
        before = len(rest)
        draft = _one(rest, place, problems)
        if draft is None:
            return None
        drafts.append(draft)
        if rest and draft.op not in _ONE_CHILD and draft.option is None:
            taken = " ".join(words[len(words) - before : len(words) - len(rest)])
            hint = "write each condition on a line of its own, indented below its operator"
            problems.append(Problem(place, "L017", f"`{' '.join(rest)}` follows `{taken}` on one line", hint))
            return None
    for outer, inner in pairwise(drafts):
        outer.inline = inner
    return drafts[0]


def _one(rest: list[str], place: Place, problems: list[Problem]) -> _Draft | None:
    """Take one operator with its arguments off the front of `rest`."""
    mark = _MARKS.get(rest[0].lower()) if len(rest) > 1 else None
    if mark:
        rest.pop(0)
    written = rest[0] if rest else ""
    word = _take_word(rest)
    if word in _TAKE:
        if not rest:
            message = f"`{written}` names no option"
            problems.append(Problem(place, "L018", message, "write 取 (take) and the option"))
            return None
        return _Draft(Op.ALL, place, option=rest.pop(0))
    op = _WORDS.get(word, Op.FACT)
    draft = _Draft(op, place, mark=mark)
    lacking = _take_arguments(draft, written, rest)
    if lacking:
        problems.append(Problem(place, "L018", *lacking))
        return None
    return draft


def _take_word(rest: list[str]) -> str:
    """The word at the front as the tables of this module have it."""
    if tuple(word.lower() for word in rest[:2]) in _TWO_WORDS:
        rest[:2] = ["-".join(rest[:2])]
    return rest.pop(0).lower() if rest else ""


def _take_arguments(draft: _Draft, written: str, rest: list[str]) -> tuple[str, str] | None:
    """What an operator needs after it, taken off `rest`; or the message and hint when that is not there."""
    op = draft.op
    if op is Op.FACT:
        draft.name = written
        if not written:
            return "a line with a quote and no condition before it", "write the fact or operator, then its quote"
        if written.lower() in _MARKS:
            return f"`{written}` marks nothing", "write it before an operator or a fact on the same line"
    elif op in _NAMED and not rest:
        return f"`{written}` names nothing", f"name {_NAMED[op]} after it"
    elif op in _NAMED:
        draft.name = rest.pop(0)
    elif op is Op.AT_LEAST and not (rest and re.fullmatch("[1-9][0-9]{0,2}", rest[0])):
        return f"`{written}` has no number", "write 至少 (at-least) and a number from 1 to 999"
    elif op is Op.AT_LEAST:
        draft.count = int(rest.pop(0))
    return _take_places(draft, written, rest) if op in _OVER_LISTS else None


def _take_places(draft: _Draft, written: str, rest: list[str]) -> tuple[str, str] | None:
    """What a quantifier looks through, and the fact that its list is complete."""
    if draft.op in {Op.SOME, Op.EVERY}:
        if not rest or rest[0].lower() not in _OVER:
            return f"`{written}` says nothing to look through", "write 参与 (participants) or 事件 (events) after it"
        draft.over = _OVER[rest.pop(0).lower()]
    return _take_list(draft, rest)


def _take_list(draft: _Draft, rest: list[str]) -> tuple[str, str] | None:
    while rest:
        ahead = list(rest)
        word = _take_word(ahead)
        if word in _EXCEPT and draft.over == "participants":
            draft.except_self = True
        elif word in _EXCEPT:
            hint = "except-self stands only after 某 参与 (some participants) and 每 参与 (every participants)"
            return f"`{rest[0]}` does not belong here", hint
        elif word in _LIST:
            if not ahead:
                return f"`{rest[0]}` names no fact", "name the fact that the list is complete after it"
            draft.complete = ahead.pop(0)
        else:
            break
        rest[:] = ahead
    return None


def _build(draft: _Draft, problems: list[Problem]) -> Node | None:
    """The finished node; None after a problem. Depth is bounded by MAX_DEPTH levels of MAX_CHAIN words."""
    inner = [draft.inline] if draft.inline else draft.below
    children = [(child, node) for child in inner if (node := _build(child, problems)) is not None]
    if len(children) < len(inner) or draft.broken:
        return None
    options = tuple(child.option for child, _ in children if child.option is not None)
    problem = _shape_problem(draft, len(inner), len(options))
    if problem:
        problems.append(problem)
        return None
    nodes = tuple(node for _, node in children)
    if draft.option is not None and len(nodes) == 1:
        return nodes[0]
    return Node(
        draft.op,
        draft.place,
        draft.name,
        nodes,
        options,
        draft.count,
        draft.over,
        draft.except_self,
        draft.complete,
        draft.mark,
        draft.quotes,
    )


def _shape_problem(draft: _Draft, children: int, options: int) -> Problem | None:
    """What is wrong with the number or kind of children, if anything."""
    word = draft.option or draft.name or _CHINESE[draft.op]
    if draft.op is Op.CHOOSE:
        if options == children and children:
            return None
        message = f"the reading `{word}` has {'children that are no options' if children else 'no options below it'}"
        return Problem(draft.place, "L019", message, "write 取 (take) and the option on each line below it")
    if options:
        inner = draft.inline or next(child for child in draft.below if child.option is not None)
        return _stray_option(inner, word)
    if draft.op in _LEAVES and children:
        hint = "only an operator has conditions below it, such as 全部 (all) or 任一 (any)"
        return Problem(draft.place, "L017", f"conditions are indented below `{word}`", hint)
    if (draft.op in _ONE_CHILD or draft.option is not None) and children != 1:
        return Problem(draft.place, "L014", f"`{word}` has {_conditions(children)}", _ONE_CONDITION)
    if draft.op in {Op.ALL, Op.ANY, Op.AT_LEAST} and not children:
        return Problem(draft.place, "L014", f"`{word}` has no condition", "indent its conditions below it")
    if draft.op is Op.AT_LEAST and draft.count > children:
        message = f"`{word} {draft.count}` has {_conditions(children)}"
        return Problem(draft.place, "L014", message, "ask for at most as many as there are")
    return None


def said(node: Node) -> str:
    """A node in the words of a problem: the name it speaks of, else its operator as Chinese writes it, and English."""
    return f"`{node.name}`" if node.name else f"`{_CHINESE[node.op]}` ({node.op})"


def leaves(node: Node) -> Iterator[Node]:
    """Every node of a tree, itself first, depth first."""
    yield node
    for child in node.children:
        yield from leaves(child)
