"""Trees of reasons are drawn as Rich draws them, and whole where Rich leaves out what is too deep for the width."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from rich.markup import escape
from rich.tree import Tree

from wenze.cli.why import STYLES, Branch, folded_tree, whole_tree, write_tree
from wenze.law import Determination, Library, Reason, Words, determine, on_screen, read_cases, reasons

INSTRUMENTS = Path(__file__).parents[1] / "instruments"
Drawn = tuple[Branch, Words]


@pytest.fixture(scope="module")
def determination() -> Determination:
    library = Library(INSTRUMENTS)
    cases = {case.id: case for case in read_cases(library.cases("harbour"))}
    return determine(library.law("harbour"), cases["明知未定"], date(2021, 1, 1))


def drawn(determination: Determination, lang: str, whole: bool) -> list[Drawn]:
    grown = whole_tree if whole else folded_tree
    words = Words(determination, lang)
    return [(grown(reasons(determination.evaluation, one)), words.below(one)) for one in determination.circumstances]


def console(width: int, terminal: bool) -> Console:
    colours = "truecolor" if terminal else None
    return Console(file=StringIO(), width=width, force_terminal=terminal, color_system=colours, emoji=False)  # type: ignore[arg-type]  # one of Rich's own names


def text_of(console: Console) -> str:
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def said(reason: Reason, words: Words) -> str:
    negated = reason.kind == "not" and len(reason.children) == 1 and reason.children[0].kind == "leaf"
    line = words.reason(reason.children[0] if negated else reason)
    return f"{words.sign(reason.state)} {on_screen(line) if words.lang == 'zh' else line}"


def by_rich(branch: Branch, words: Words) -> Tree:
    tree = Tree(f"[{STYLES[branch.reason.state]}]{escape(said(branch.reason, words))}[/]", guide_style="dim")
    for below in branch.below:
        tree.add(by_rich(below, words))
    return tree


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize(("width", "terminal"), [(48, True), (60, False), (80, True), (120, False)])
def test_a_tree_is_drawn_as_rich_draws_it(
    determination: Determination, lang: str, whole: bool, width: int, terminal: bool
) -> None:
    for branch, words in drawn(determination, lang, whole):
        ours, theirs = console(width, terminal), console(width, terminal)
        write_tree(branch, words, ours)
        theirs.print(by_rich(branch, words), highlight=False)
        assert text_of(ours) == text_of(theirs)


def test_nothing_is_lost_where_the_guides_fill_the_width(determination: Determination) -> None:
    def letters(text: str) -> str:
        return "".join(char for char in text if char not in "├└│─ \n")

    def lines(branch: Branch, words: Words) -> str:
        return said(branch.reason, words) + "".join(lines(below, words) for below in branch.below)

    for branch, words in drawn(determination, "zh", whole=True):
        narrow = console(10, False)
        write_tree(branch, words, narrow)
        assert letters(text_of(narrow)) == letters(lines(branch, words))
