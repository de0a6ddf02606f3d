"""The shapes of an instrument as it is written: what `parse` returns and `compile` reads.

Knows no meaning: names are still names, nothing is resolved, every piece carries its line.
The written form is described in `docs/language.md`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Bilingual(NamedTuple):
    """A text in Chinese, the authority, and in English."""

    zh: str
    en: str

    def in_(self, lang: str) -> str:
        """The text in `lang` ("zh" or "en"); the Chinese where no English was written."""
        return self.en if lang == "en" and self.en else self.zh


class Place(NamedTuple):
    """Where something is written: the file as its author named it, and a line counted from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Nature(StrEnum):
    """How a fact comes to be known."""

    FACT = "fact"  # 事实: observable, by evidence
    JUDGEMENT = "judgement"  # 判断: evaluative, by a named person with reasons
    CAUSE = "cause"  # 因果: a causal link, by evidence
    DATA = "data"  # 数据: read from the case's own records


class Scope(StrEnum):
    """To which entities of a case an instance of a fact belongs."""

    CASE = "case"
    RESPONDENT = "respondent"
    ACT = "act"
    PARTICIPATION = "participation"
    EVENT = "event"
    OUTCOME = "outcome"


# Which of respondent R, act A and event E an instance of each scope belongs to.
ENTITIES: dict[Scope, frozenset[str]] = {
    Scope.CASE: frozenset(),
    Scope.RESPONDENT: frozenset("R"),
    Scope.ACT: frozenset("A"),
    Scope.PARTICIPATION: frozenset("RA"),
    Scope.EVENT: frozenset("E"),
    Scope.OUTCOME: frozenset("AE"),
}


class Op(StrEnum):
    """What a node of a condition does."""

    ALL = "all"
    ANY = "any"
    AT_LEAST = "at-least"
    NOT = "not"
    CHOOSE = "choose"  # by reading; children are one per option, in the order of `Node.options`
    SEE = "see"  # a definition
    HOLDS = "holds"  # a rule or group, for the same respondent and act
    SOME = "some"
    EVERY = "every"
    HIGHEST = "highest"
    LAST = "last"
    TRUE = "true"
    FALSE = "false"
    FACT = "leaf"


class Mark(StrEnum):
    """Which part of a circumstance a node describes."""

    CONDUCT = "conduct"
    CONSEQUENCE = "consequence"


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the official text that a node encodes; `anchor` is None for the rule's own."""

    words: str
    anchor: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Node:
    """One line of a condition with its children.

    `name` is the fact, definition, rule, group or reading the operator speaks of; `over` is
    "participants" or "events" for quantifiers; `complete` names the fact that the list is complete.
    """

    op: Op
    place: Place
    name: str = ""
    children: tuple[Node, ...] = ()
    options: tuple[str, ...] = ()
    count: int = 0
    over: str = ""
    except_self: bool = False
    complete: str = ""
    mark: Mark | None = None
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a data fact reads the case: `attribute` `operator` `values` (English names)."""

    attribute: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A question of fact, declared once.

    `proof` and `disproof` are forms of evidence; `only` says that no other form counts in that direction.
    `guidance` is free text for judgements.
    """

    name: str
    english: str
    question: Bilingual
    nature: Nature
    scope: Scope
    place: Place
    anchor: str
    proof: tuple[str, ...] = ()
    proof_only: bool = False
    disproof: tuple[str, ...] = ()
    disproof_only: bool = False
    guidance: str = ""
    source: Comparison | None = None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What follows when a rule holds: a kind and its modality, and the modality to use instead where a definition holds."""

    kind: str
    modality: str
    quotes: tuple[Quote, ...]
    place: Place
    otherwise: tuple[tuple[str, str, tuple[Quote, ...]], ...] = ()  # (modality, definition, quotes)


@dataclass(frozen=True, slots=True)
class Gate:
    """A definition that must hold for the rule to apply at all."""

    name: str
    quotes: tuple[Quote, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Unencoded:
    """Words of the official text that no node encodes, and why."""

    words: str
    reason: Bilingual
    place: Place


@dataclass(frozen=True, slots=True)
class Rule:
    """A circumstance, a kind of responsibility, a competence or a channel."""

    id: str
    anchor: str
    title: Bilingual
    groups: tuple[str, ...]
    scope: Scope  # PARTICIPATION or RESPONDENT
    gates: tuple[Gate, ...]
    conclusion: Conclusion
    condition: Node
    place: Place
    no_consequence: bool = False
    catch_all: bool = False
    general: bool = False
    unencoded: tuple[Unencoded, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """A named condition, read in the place where it is used."""

    name: str
    anchor: str
    title: Bilingual
    condition: Node
    place: Place


@dataclass(frozen=True, slots=True)
class Settlement:
    """A reading that has been settled by whoever may: the option, from which day, by whom, where it stands."""

    option: str
    since: str  # ISO day
    by: str
    source: str


@dataclass(frozen=True, slots=True)
class Reading:
    """An open question of interpretation: its options, the one used unless another is ruled, and why."""

    id: str
    anchor: str
    question: Bilingual
    options: tuple[tuple[str, Bilingual], ...]
    default: str
    reason: Bilingual
    mildest: str
    interpreter: Bilingual
    settled: Settlement | None
    place: Place

    @property
    def option_ids(self) -> tuple[str, ...]:
        return tuple(option for option, _ in self.options)


@dataclass(frozen=True, slots=True)
class Constraint:
    """Which combinations of facts are impossible: implies (if, then), exclusive (not all), at-most-one."""

    id: str
    title: Bilingual
    kind: str
    parts: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Exemption:
    """An `exception` block: what it overrides, how far it reaches, and what it puts in its place."""

    id: str
    anchor: str
    title: Bilingual
    overrides: tuple[str, ...]
    scope: Scope  # PARTICIPATION or RESPONDENT
    replaced_by: str  # a kind, or "" when it only relieves
    condition: Node
    place: Place


@dataclass(frozen=True, slots=True)
class Note:
    """A remark shown where its condition holds; it never changes a state. `concurring`: only beside several results of `about`."""

    id: str
    anchor: str
    title: Bilingual
    text: Bilingual
    scope: Scope
    about: tuple[str, ...]
    condition: Node
    place: Place
    concurring: bool = False


@dataclass(frozen=True, slots=True)
class Guard:
    """The software's own safeguard: when a circumstance given by the text may be relied on."""

    id: str
    title: Bilingual
    text: Bilingual
    about: tuple[str, ...]
    condition: Node
    place: Place


@dataclass(frozen=True, slots=True)
class DutySource:
    """An instrument the regulation refers to, and whether its text is held."""

    id: str
    title: Bilingual
    anchor: str
    held: bool
    note: Bilingual
    place: Place


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms of one kind; ordered from the highest when `ordered`."""

    name: str
    ordered: bool
    terms: tuple[Bilingual, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement of procedure; the shapes stand in `steps`. It may rest on several articles."""

    id: str
    anchors: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Article:
    """A heading with its anchor and the official text below it, one string a paragraph."""

    anchor: str
    heading: str
    paragraphs: tuple[str, ...]
    place: Place
    reason_not_encoded: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Everything one file says. `header` is the `instrument` block (absent in a guards file)."""

    file: str
    digest: str
    header: dict[str, str] = field(default_factory=dict)
    header_place: Place | None = None
    groups: tuple[tuple[str, str], ...] = ()  # (name, role); role "" is a plain label
    articles: tuple[Article, ...] = ()
    vocabularies: tuple[Vocabulary, ...] = ()
    facts: tuple[Fact, ...] = ()
    definitions: tuple[Definition, ...] = ()
    rules: tuple[Rule, ...] = ()
    readings: tuple[Reading, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    exceptions: tuple[Exemption, ...] = ()
    notes: tuple[Note, ...] = ()
    guards: tuple[Guard, ...] = ()
    duty_sources: tuple[DutySource, ...] = ()
    stated: tuple[Stated, ...] = ()
