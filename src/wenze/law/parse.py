"""A Markdown file of an instrument → its Source: official text, facts, rules, readings, with every line kept.

Knows the written form of `docs/language.md`; resolves no names (that is `compile`). Collects every problem it meets.
Nothing of a file is passed over in silence: what Markdown would hide, or read as something else, is a problem.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from wenze.law import blocks
from wenze.law.body import bilingual
from wenze.law.facts import read_facts
from wenze.law.problems import Collected, Enough, Problem, Problems, visible
from wenze.law.rules import Article, Place, Source

MAX_BYTES = 4_000_000  # a whole code of laws fits; a larger file is a mistake
MAX_LINES = 20_000
MAX_LISTS = 4  # one inside the other; Markdown itself drops what is nested deeper than ten
# The level of nesting that each of them may have in the Markdown: all but lists stand at the margin.
_DEEPEST = {"heading_open": 0, "blockquote_open": 0, "table_open": 0, "fence": 0, "list_item_open": 2 * MAX_LISTS}
MAX_LINE = 10_000  # characters; the longest paragraph of a law has a few hundred
_HEADING = re.compile(r"^(?P<heading>.*?)\s*\{#(?P<anchor>[^}]*)\}\s*$")
_ANCHOR = re.compile(r"(0|[1-9][0-9]{0,3})(\.[1-9][0-9]{0,2})?")
_NOT_ENCODED = re.compile(r"^(?:不编码|not encoded)\s*[:：]\s*(?P<reason>.+)$", re.DOTALL | re.IGNORECASE)
_QUOTATION = re.compile(r"^ {0,3}> ?(.*)$")
_SPOILT_FENCE = re.compile(r"^[`'~·´‘’“”]{1,6}\s*(\S+)")
_FENCE_INSIDE = re.compile(r"^ {0,3}(?:```|~~~)\s*\S", re.MULTILINE)
_CELL_END = re.compile(r"(?<!\\)\|")


def read_source(path: Path, name: str | None = None) -> Source:
    """The Source of one file, called `name` in problems and receipts. Raises Problems."""
    name = os.fsencode(name or path.name).decode("utf-8", "replace")
    if os.path.exists(path) and not os.path.isfile(path):  # a pipe would never end; Path.exists may itself raise
        raise _refused(name, 1, "L002", f"`{name}` is not a file", "name a Markdown file")
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        hint = "check the path and the permissions"
        raise _refused(name, 1, "L002", f"the file cannot be read: `{reason}`", hint) from error
    if len(raw) > MAX_BYTES:
        message = f"the file has more than `{MAX_BYTES:,}` bytes"
        raise _refused(
            name, 1, "L001", message, "check what it is; an instrument is shorter, or comes in several files"
        )
    return source_of(raw, name)


def source_of(raw: bytes, name: str) -> Source:
    """The Source in `raw`. Raises Problems with everything that is wrong in it."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"byte `{error.start}` (`0x{raw[error.start]:02x}`) is not UTF-8"
        raise _refused(name, line, "L003", message, "save the file as UTF-8; GBK and UTF-16 are not read") from error
    reader = _Reader(name, hashlib.sha256(raw).hexdigest())
    with suppress(Enough):  # the problems say so themselves
        reader.read(text.replace("\r\n", "\n").replace("\r", "\n"))
    if reader.problems:
        raise Problems(reader.problems)
    return reader.source()


def _refused(name: str, line: int, id: str, message: str, hint: str) -> Problems:
    return Problems([Problem(Place(name, line), id, message, hint)])


class _Reader:
    """Walks the Markdown tokens once and files each piece under the article it stands below."""

    def __init__(self, file: str, digest: str) -> None:
        self.file = file
        self.digest = digest
        self.problems = Collected()
        self.articles: list[Article] = []
        self.found: dict[str, list[Any]] = {}  # field of Source → values; each block reader returns its own type
        self.header: dict[str, str] = {}
        self.header_place: Place | None = None
        self.groups: list[tuple[str, str]] = []
        self.anchor = ""
        self.after_heading = False
        self.lines: list[str] = []

    def read(self, text: str) -> None:
        self.lines = text.split("\n")
        if not self._readable():
            return
        # Headings of two lines (text over ---) and references ([a]: b) would take text out of sight.
        markdown = MarkdownIt("commonmark").enable("table").disable(["inline", "lheading", "reference"])
        tokens = markdown.parse(text if text.endswith("\n") else text + "\n")
        handlers: dict[str, Callable[[list[Token], int], int]] = {
            "heading_open": self._heading,
            "blockquote_open": self._blockquote,
            "table_open": self._table,
            "fence": self._fence,
            "paragraph_open": self._paragraph,
            "code_block": self._hidden,
            "html_block": self._hidden,
        }
        index = 0
        while index < len(tokens):
            token = tokens[index]
            handler = handlers.get(token.type)
            if token.level > _DEEPEST.get(token.type, token.level):
                handler = self._hidden
            index = handler(tokens, index) if handler else index + 1

    def source(self) -> Source:
        return Source(
            self.file,
            self.digest,
            self.header,
            self.header_place,
            tuple(self.groups),
            tuple(self.articles),
            **{name: tuple(values) for name, values in self.found.items()},
        )

    def _readable(self) -> bool:
        """Note what no author means: lines without end, characters nobody can see."""
        if len(self.lines) > MAX_LINES:
            hint = "check what it is; an instrument is shorter, or comes in several files"
            self._complain(1, "L001", f"the file has `{len(self.lines):,}` lines, more than {MAX_LINES:,}", hint)
            return False
        for number, line in enumerate(self.lines, 1):
            if len(line) > MAX_LINE:
                self._complain(
                    number, "L005", f"the line has `{len(line):,}` characters", f"at most {MAX_LINE:,} are read"
                )
            elif not line.isprintable() and (found := next((char for char in line if not visible(char)), None)):
                message = f"the line holds the character `U+{ord(found):04X}`, which cannot be seen"
                self._complain(number, "L003", message, "delete it")
        return not self.problems

    def _complain(self, line: int, id: str, message: str, hint: str) -> None:
        self.problems.append(Problem(Place(self.file, line), id, message, hint))

    def _place(self, token: Token) -> Place:
        return Place(self.file, (token.map[0] if token.map else 0) + 1)

    def _heading(self, tokens: list[Token], index: int) -> int:
        title = tokens[index + 1].content
        match = _HEADING.match(title)
        self.anchor = match["anchor"].strip() if match else ""
        place = self._place(tokens[index])
        if match and not _ANCHOR.fullmatch(self.anchor):
            message = f"the anchor `{{#{self.anchor}}}` is no article or item"
            self._complain(place.line, "L020", message, "write {#6} or {#6.7}: plain numbers without zeros before them")
            self.anchor = ""
        elif not match and re.search(r"[{｛]\s*#?|#\s*[0-9.]+\s*[}｝]", title):
            message = f"the heading `{title}` has no readable anchor"
            self._complain(place.line, "L020", message, "end it with {#6} or {#6.7}, in half-width braces")
        self.articles.append(Article(self.anchor, match["heading"] if match else title, (), place))
        self.after_heading = True
        return index + 3

    def _blockquote(self, tokens: list[Token], index: int) -> int:
        end = _end_of(tokens, index)
        place = self._place(tokens[index])
        inside = {token.type for token in tokens[index + 1 : end - 1]}
        if not self.after_heading or not self.articles:
            message = "a quotation `>` that is not directly below a heading"
            hint = "official text stands once, directly below its heading; write anything else without >"
            self._complain(place.line, "L021", message, hint)
        elif inside & {"blockquote_open", "fence", "table_open"}:
            message = "a quotation `>` that holds another quotation, a block or a table"
            self._complain(place.line, "L021", message, "a quotation holds official text only, one paragraph a line")
        else:
            article = self.articles[-1]
            self.articles[-1] = Article(article.anchor, article.heading, self._official(tokens[index]), article.place)
        self.after_heading = False
        return end

    def _official(self, token: Token) -> tuple[str, ...]:
        """The lines of a quotation as they are written: Markdown has no say in official text."""
        first, end = token.map or (0, 0)
        paragraphs = []
        for number, line in enumerate(self.lines[first:end], first + 1):
            match = _QUOTATION.match(line)
            if match and match[1].strip():
                paragraphs.append(match[1].strip())
            elif not match and line.strip():
                message = f"`{line.strip()}` follows a quotation without an empty line and would count as official text"
                self._complain(number, "L021", message, "leave a line empty before it, or begin it with >")
        return tuple(paragraphs)

    def _table(self, tokens: list[Token], index: int) -> int:
        rows: list[tuple[Place, list[str]]] = []
        while tokens[index].type != "table_close":
            token = tokens[index]
            if token.type == "tr_open":
                rows.append((self._place(token), []))
            elif token.type == "inline":
                rows[-1][1].append(token.content.strip())
            index += 1
        whole = [row for row in rows if self._is_whole(row[0], len(rows[0][1]))]
        self._file("facts", read_facts(whole, self.anchor, self.problems))
        self.after_heading = False
        return index + 1

    def _is_whole(self, place: Place, columns: int) -> bool:
        """Whether the row has as many cells as the heading: Markdown drops what is more and adds what is less."""
        line = self.lines[place.line - 1].strip()
        cells = len(_CELL_END.findall(line)) + 1 - line.startswith("|") - bool(re.search(r"(?<!\\)\|$", line))
        if cells != columns:
            message = f"the row has `{cells}` cells, its heading `{columns}`"
            self._complain(
                place.line, "L038", message, "write every cell, an empty one too; a | inside a cell is written \\|"
            )
        return cells == columns

    def _paragraph(self, tokens: list[Token], index: int) -> int:
        content = tokens[index + 1].content
        place = self._place(tokens[index])
        match = _NOT_ENCODED.match(content)
        if match and self.articles:
            reason = bilingual(match["reason"].replace("\n", ""))
            if not (reason.zh and reason.en):
                self._complain(
                    place.line,
                    "L044",
                    "the reason after `不编码` is not in both languages",
                    "write 不编码:中文 / English",
                )
            article = self.articles[-1]
            self.articles[-1] = Article(article.anchor, article.heading, article.paragraphs, article.place, reason)
        elif not match:
            lines = enumerate(content.split("\n"), place.line)
            next((number for number, line in lines if self._is_spoilt(number, line.strip())), None)
        self.after_heading = False
        return index + 3

    def _is_spoilt(self, number: int, line: str) -> bool:
        """Whether a line of prose was meant as a table or a block that Markdown does not recognise; complains of it."""
        fence = _SPOILT_FENCE.match(line)
        if line.startswith(("|", "｜")):
            message = f"`{line}` looks like a table and is none"
            hint = "under the heading of a table stands a line | --- | --- | with as many cells; use half-width |"
            self._complain(number, "L039", message, hint)
            return True
        elif fence and blocks.is_block(fence[1]):
            message = f"`{line.strip('`')}` looks like a block and is none"
            self._complain(number, "L024", message, "begin the block with three backticks ``` and its kind")
            return True
        return False

    def _hidden(self, tokens: list[Token], index: int) -> int:
        """What would not be read as the author of an instrument means it."""
        token = tokens[index]
        what, hint = {
            "code_block": (
                "lines indented by four spaces are not read",
                "begin them at the margin; only lines inside a block are indented",
            ),
            "html_block": ("HTML and what it encloses is not read", "write text, without < at the beginning of a line"),
            "list_item_open": ("a list inside too many others is not read", f"nest at most {MAX_LISTS} lists"),
        }.get(token.type, ("a heading, quotation, table or block inside a list is not read", "begin it at the margin"))
        first = next(iter(self.lines[token.map[0] : token.map[1]]), "") if token.map else ""
        self._complain(self._place(token).line, "L024", f"{what}: `{first.strip('` ')}`", hint)
        self.after_heading = False
        return _end_of(tokens, index)

    def _fence(self, tokens: list[Token], index: int) -> int:
        token = tokens[index]
        place = self._place(token)
        self.after_heading = False
        first, end = token.map or (0, 0)
        closed = token.content.count("\n") == end - first - 2
        swallowed = _FENCE_INSIDE.search(token.content)
        if not closed or swallowed:
            message = f"the block `{token.info.strip()}` is not closed"
            if swallowed:
                line = place.line + 1 + token.content.count("\n", 0, swallowed.start())
                message += f" before the next one begins in line `{line}`"
            self._complain(place.line, "L022", message, "end it with a line of three backticks ```")
            return index + 1
        below = Place(place.file, place.line + 1)
        block = blocks.read_block(token.info, token.content, below, self.anchor, self.problems)
        if isinstance(block, blocks.Header):
            if self.header_place:
                hint = f"one file is one instrument; the first is at {self.header_place}"
                self._complain(place.line, "L023", "a second `instrument` block", hint)
            self.header, self.header_place, self.groups = block.values, place, list(block.groups)
        elif block is not None:
            self._file(blocks.field_of(block), [block])
        return index + 1

    def _file(self, name: str, values: list[Any]) -> None:
        self.found.setdefault(name, []).extend(values)


def _end_of(tokens: list[Token], index: int) -> int:
    """The index after the token that closes the one at `index`."""
    depth = 0
    while True:
        depth += tokens[index].nesting
        index += 1
        if depth == 0:
            return index
