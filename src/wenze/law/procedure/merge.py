"""What several layers say of one step, clock, paper or measure → one value, each part with who says it.

The layers come by rank. Names are resolved here: a step, role or paper that nobody describes is a problem.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from wenze.law.facts import is_identifier
from wenze.law.problems import Problem, instead
from wenze.law.procedure.basis import Basis
from wenze.law.procedure.measures import Band, Effect, Ground, Measure, Measures
from wenze.law.procedure.table import Clock, Feature, Paper, Requirement, Said, Step, Table, Unheld
from wenze.law.rules import Bilingual, Place, Source, Stated
from wenze.law.steps import (
    ALWAYS,
    Alternatives,
    Atom,
    BandText,
    ClockText,
    EffectText,
    FeatureText,
    Gap,
    GroundText,
    Line,
    MeasureText,
    PaperText,
    Provenance,
    Statement,
    StepText,
)

_Text = TypeVar("_Text", bound=Statement)
_VOCABULARIES = ("办理角色", "办理关系", "办理结果", "情态")


@dataclass(frozen=True, slots=True)
class Voice:
    """One instrument that speaks: its statements in the order of the text."""

    id: str
    title: Bilingual
    stated: tuple[Stated, ...]
    sources: tuple[Source, ...]
    optional: bool


def merged(
    voices: Sequence[Voice], measures: frozenset[str], steps: frozenset[str], digest: str, problems: list[Problem]
) -> Table:
    """The table the voices make together, the last being the procedure's own arrangements. Adds problems.

    `measures` and `steps` are those of any layer in any version: an effect may name a measure, a condition a step, that is
    not in force. A step that is not in force was not taken.
    """
    return _Merger(voices, measures, steps, problems).table(digest)


class _Merger:
    def __init__(
        self, voices: Sequence[Voice], measures: frozenset[str], steps: frozenset[str], problems: list[Problem]
    ) -> None:
        self.voices = voices
        self.all_steps = steps
        self.all_measures = dict.fromkeys(measures)
        self.problems = problems
        self.words = {name: _words(voices, name, problems) for name in _VOCABULARIES}
        self.step_texts = self._by_id(StepText)
        self.clock_texts = self._by_id(ClockText)
        self.paper_texts = self._by_id(PaperText)
        self.feature_texts = self._by_id(FeatureText)
        self.measures = self._measures()

    def table(self, digest: str) -> Table:
        roles, relations, outcomes = (_titles(self.words[name]) for name in _VOCABULARIES[:3])
        return Table(
            {id: self._step(id, said) for id, said in self.step_texts.items()},
            {id: self._clock(id, said) for id, said in self.clock_texts.items()},
            {id: self._paper(id, said) for id, said in self.paper_texts.items()},
            {id: self._feature(id, said) for id, said in self.feature_texts.items()},
            roles,
            relations,
            outcomes,
            self.measures,
            tuple(self._gaps()),
            tuple(self._instrument(voice) for voice in self.voices),
            digest,
        )

    def complain(self, place: Place, id: str, message: str, hint: str) -> None:
        self.problems.append(Problem(place, id, message, hint))

    # Who speaks

    def _by_id(self, kind: type[_Text]) -> dict[str, list[tuple[_Text, Basis]]]:
        """What is said, by id in the order of the arrangements and then of the layers; of one id by rank."""
        order = dict.fromkeys(text.id for voice in (self.voices[-1], *self.voices[:-1]) for text in _of(voice, kind))
        found: dict[str, list[tuple[_Text, Basis]]] = {id: [] for id in order}
        for voice in self.voices:
            for text in _of(voice, kind):
                found[text.id].append((text, self._basis(voice, text)))
        return found

    def _basis(self, voice: Voice, text: Statement) -> Basis:
        modality = self.words["情态"].get(text.modality, ("", Bilingual("", "")))[1]
        if text.modality and not modality.zh:
            hint = instead(text.modality, self.words["情态"], "add it to the block vocabulary 情态 (modality)")
            self.complain(text.place, "L063", f"`{text.modality}` is not in the vocabulary `情态`", hint)
        provenance = Provenance(text.provenance or Provenance.MISSING)
        return Basis(voice.id, voice.title, text.anchors, modality, provenance, voice.optional, text.place)

    def _instrument(self, voice: Voice) -> Basis:
        place = Place(voice.sources[0].file, 1)
        return Basis(voice.id, voice.title, (), Bilingual("", ""), Provenance.MISSING, voice.optional, place)

    # Names

    def _named(self, vocabulary: str, names: Iterable[str], place: Place) -> tuple[str, ...]:
        """The English ids of words of a vocabulary."""
        known = self.words[vocabulary]
        for name in names:
            if name not in known:
                hint = instead(name, known, f"add it to the block vocabulary {vocabulary}")
                self.complain(place, "L063", f"`{name}` is not in the vocabulary `{vocabulary}`", hint)
        return tuple(known[name][0] for name in names if name in known)

    def _known(self, what: str, name: str, known: Mapping[str, object], place: Place) -> str:
        if name not in known:
            hint = instead(name, known, f"declare it, or name another {what}")
            self.complain(place, "L062", f"no {what} is called `{name}`", hint)
        return name

    def _resolved(self, condition: Alternatives, place: Place) -> Alternatives:
        """A condition as it can be met today: of a step not in force it is certain that it was not taken."""
        in_force = [part for part in condition if not any(self._lapsed(atom) and not atom.negated for atom in part)]
        parts = [[atom for atom in part if not self._lapsed(atom)] for part in in_force] or condition
        return tuple(tuple(self._atom(atom, place) for atom in part) for part in parts)

    def _lapsed(self, atom: Atom) -> bool:
        named = {atom.name} if atom.kind == "done" else set()
        return bool(named & self.all_steps - self.step_texts.keys() - self.feature_texts.keys())

    def _atom(self, atom: Atom, place: Place) -> Atom:
        outcome = self._named("办理结果", (atom.outcome,), place) if atom.outcome else ("",)
        atom = atom._replace(outcome=outcome[0] if outcome else "")
        if atom.kind in {"lapsed", "within"}:
            self._known("clock", atom.name, self.clock_texts, place)
        elif atom.kind == "done" and atom.name in self.feature_texts:
            return atom._replace(kind="feature")
        elif atom.kind == "done":
            self._known("step or feature", atom.name, self.step_texts, place)
        if atom.since:
            self._known("step", atom.since, self.step_texts, place)
        return atom

    def _requirements(self, lines: Iterable[Line], basis: Basis) -> list[Requirement]:
        return [
            Requirement(self._resolved(line.condition, line.place), self._resolved(line.when, line.place), basis)
            for line in lines
        ]

    # Steps and clocks

    def _step(self, id: str, said: list[tuple[StepText, Basis]]) -> Step:
        first, basis = _cited(said)
        title = _title(said)
        by = [(self._named("办理角色", text.by, text.place), each) for text, each in said if text.by]
        if not title.zh or not by:
            what = "what it is called" if not title.zh else "who takes it"
            hint = "add 标题 (title) or 由 (by) in the layer or the procedure that describes it"
            self.complain(first.place, "L086", f"no layer says of the step `{id}` {what}", hint)
        roles, decides = by[0] if by else ((), basis)
        asked: dict[str, list[Requirement]] = {"requires": [], "receipt": [], "reason": [], "measures": [], "lifts": []}
        for text, each in said:
            for name, found in asked.items():
                found += self._requirements(getattr(text, name), each)
        more = [(text.actors, each) for text, each in said if text.actors]
        actors = max(more, key=lambda pair: pair[0], default=None)
        return Step(
            id,
            title,
            basis,
            tuple(Said(role, decides) for role in roles),
            tuple(asked["requires"]),
            tuple(self._papers(said)),
            tuple(dict.fromkeys(out for text, _ in reversed(said) for out in self._outcomes(text))),
            _once(Said(word, each) for text, each in said for word in self._relations(text)),
            Said(str(actors[0]), actors[1]) if actors else None,
            tuple(asked["receipt"]),
            tuple(asked["reason"]),
            tuple(asked["measures"]),
            tuple(self._lighter(said)),
            tuple(asked["lifts"]),
            any(text.repeats for text, _ in said),
            any(text.ends for text, _ in said),
            any(text.side for text, _ in said),
            any(text.after_end for text, _ in said),
            _notes(said),
            tuple((self._who(other), each) for other, each in by[1:] if other != roles),
        )

    def _outcomes(self, text: StepText) -> tuple[str, ...]:
        return self._named("办理结果", text.outcomes, text.place)

    def _relations(self, text: StepText) -> tuple[str, ...]:
        return self._named("办理关系", text.excluded, text.place)

    def _lighter(self, said: list[tuple[StepText, Basis]]) -> Iterable[tuple[Said, Alternatives]]:
        for text, basis in said:
            for line in text.not_heavier_than:
                when = self._resolved(line.when, line.place)
                for name in line.names:
                    yield Said(self._known("step", name, self.step_texts, line.place), basis), when

    def _who(self, roles: tuple[str, ...]) -> Bilingual:
        titles = _titles(self.words["办理角色"])
        named = [titles[role] for role in roles]
        zh, en = "、".join(each.zh for each in named), ", ".join(each.en for each in named)
        return Bilingual(f"由{zh}办理", f"taken by {en}")

    def _papers(self, said: list[tuple[StepText, Basis]]) -> Iterable[tuple[Said, Alternatives]]:
        seen: set[tuple[str, Alternatives]] = set()
        for text, basis in said:
            for line in text.papers:
                when = self._resolved(line.when, line.place)
                for name in line.names:
                    self._known("paper", name, self.paper_texts, line.place)
                    if (name, when) not in seen and (name, ALWAYS) not in seen:
                        seen.add((name, when))
                        yield Said(name, basis), when

    def _clock(self, id: str, said: list[tuple[ClockText, Basis]]) -> Clock:
        timed = next(((text, each) for text, each in said if text.term or text.by_paper), None)
        begins = _first(said, lambda text: text.start)
        ends = _first(said, lambda text: text.until)
        right = _first(said, lambda text: text.right)
        if not timed or not begins or not ends or right is None or not _title(said).zh:
            hint = "it needs 标题, 自, 至, 期限 and 性质 (title, from, until, term, nature), in one layer or several"
            self.complain(said[0][0].place, "L086", f"no layer says all of the clock `{id}`", hint)
        text, basis = timed or said[0]
        begins, ends = begins or _NOTHING, ends or _NOTHING
        extension = _first(said, lambda each: each.extension)
        if extension:
            self._known("step", extension[0], self.step_texts, text.place)
        return Clock(
            id,
            _title(said),
            basis,
            self._resolved(begins.condition, begins.place),
            self._resolved(begins.when, begins.place),
            any(each.from_receipt for each, _ in said if each.start),
            self._resolved(ends.condition, ends.place),
            text.term,
            extension,
            bool(right),
            self._all_roles(said, lambda each: each.holders),
            self._all_roles(said, lambda each: each.shown_to),
            any(each.upward for each, _ in said),
            _notes(said),
            tuple(
                (Bilingual(other.term.in_("zh"), other.term.in_("en")), each)
                for other, each in said
                if other.term and other.term != text.term
            ),
        )

    def _all_roles(
        self, said: list[tuple[ClockText, Basis]], of: Callable[[ClockText], tuple[str, ...]]
    ) -> tuple[str, ...]:
        return tuple(dict.fromkeys(role for text, _ in said for role in self._named("办理角色", of(text), text.place)))

    # Papers, features, gaps

    def _paper(self, id: str, said: list[tuple[PaperText, Basis]]) -> Paper:
        contents = [(line, basis) for text, basis in said for line in text.contents]
        first, basis = _cited(said)
        if not _title(said).zh:
            hint = "add 标题 (title) in the layer or the procedure that describes it"
            self.complain(first.place, "L086", f"no layer says what the paper `{id}` is called", hint)
        return Paper(id, _title(said), basis, tuple(dict.fromkeys(contents)), _notes(said))

    def _feature(self, id: str, said: list[tuple[FeatureText, Basis]]) -> Feature:
        text, basis = _cited(said)
        if id in self.step_texts:
            hint = "rename one: conditions name both"
            self.complain(text.place, "L061", f"`{id}` is a feature and a step", hint)
        return Feature(id, _title(said), text.question, basis)

    def _gaps(self) -> Iterable[Unheld]:
        found = self.measures
        ids = [each.id for each in found.bands] + [each.id for each in found.grounds]
        others = dict.fromkeys(ids + [each.id for each in found.lasting])
        known = {**self.step_texts, **self.clock_texts, **self.paper_texts, **self.all_measures, **others}
        for voice in self.voices:
            for gap in _of(voice, Gap):
                for name in gap.about:
                    self._known("step, clock, paper, measure, band, ground or effect", name, known, gap.place)
                yield Unheld(gap.id, gap.title, gap.note, gap.about, self._basis(voice, gap))

    # Measures

    def _measures(self) -> Measures:
        lists = [(voice, [self._measure(voice, text) for text in _of(voice, MeasureText)]) for voice in self.voices]
        lists = [(voice, measures) for voice, measures in lists if measures]
        bands = [
            Band(text.id, text.title, text.note, self._basis(voice, text))
            for voice in self.voices
            for text in _of(voice, BandText)
        ]
        ranked = tuple(lists[0][1]) if lists else ()
        for measure in ranked:
            for band in measure.bands:
                self._known("band", band, {each.id: each for each in bands}, measure.basis.place)
        grounds = [
            Ground(text.id, text.title, text.direction, text.note, basis) for text, basis in self._firsts(GroundText)
        ]
        effects = []
        for effect, basis in self._firsts(EffectText):
            for name in effect.measures:
                self._known("measure", name, self.all_measures, effect.place)
            effects.append(Effect(effect.id, effect.title, effect.measures, effect.term, effect.note, basis))
        others = {voice.id: tuple(measures) for voice, measures in lists[1:]}
        return Measures(tuple(bands), ranked, tuple(grounds), tuple(effects), others)

    def _firsts(self, kind: type[_Text]) -> list[tuple[_Text, Basis]]:
        """What is said first by rank, of each id."""
        found: dict[str, tuple[_Text, Basis]] = {}
        for voice in self.voices:
            for text in _of(voice, kind):
                found.setdefault(text.id, (text, self._basis(voice, text)))
        return list(found.values())

    def _measure(self, voice: Voice, text: MeasureText) -> Measure:
        return Measure(text.id, text.title, text.bands, text.note, self._basis(voice, text))


_NOTHING = Line((), (), ALWAYS, Place("-", 1))


def _of(voice: Voice, kind: type[_Text]) -> list[_Text]:
    return [stated for stated in voice.stated if isinstance(stated, kind)]


def _cited(said: list[tuple[_Text, Basis]]) -> tuple[_Text, Basis]:
    """The statement a merged value is cited by: by rank, one that says who acts before others, a firm one before all.

    Firm is what is held and not optional; where nothing is, the one that says who acts is no more than a restriction away
    from the whole step, so it goes before one that only restricts.
    """
    firm = [pair for pair in said if not pair[1].optional and pair[1].provenance is not Provenance.MISSING]
    whole = [pair for pair in firm or said if getattr(pair[0], "by", ())]
    return (whole or firm or said)[0]


def _title(said: Sequence[tuple[Statement, Basis]]) -> Bilingual:
    """The title the arrangements give, else the first one given."""
    return next((text.title for text, _ in (said[-1], *said) if text.title.zh), Bilingual("", ""))


def _notes(said: Sequence[tuple[Statement, Basis]]) -> tuple[tuple[Bilingual, Basis], ...]:
    return tuple((text.note, basis) for text, basis in said if text.note.zh)


def _first(said: Sequence[tuple[Any, Basis]], of: Callable[[Any], Any]) -> Any:  # Any: one field of one shape
    return next((value for text, _ in said if (value := of(text)) is not None), None)


def _once(said: Iterable[Said]) -> tuple[Said, ...]:
    found: dict[str, Said] = {}
    for each in said:
        found.setdefault(each.value, each)
    return tuple(found.values())


def _words(voices: Sequence[Voice], name: str, problems: list[Problem]) -> dict[str, tuple[str, Bilingual]]:
    """The words of a vocabulary, by the Chinese word and by the id its English makes → (id, words)."""
    found: dict[str, tuple[str, Bilingual]] = {}
    for source in (source for voice in voices for source in voice.sources):
        for term in (term for each in source.vocabularies if each.name == name for term in each.terms):
            id = term.en.replace(" ", "-")
            if not is_identifier(id):
                message = f"the English `{term.en}` of `{term.zh}` makes no id"
                problems.append(Problem(Place(source.file, 1), "L051", message, "use letters, digits, spaces and -"))
            found.setdefault(term.zh, (id, term))
            found.setdefault(id, (id, term))
    return found


def _titles(words: Mapping[str, tuple[str, Bilingual]]) -> dict[str, Bilingual]:
    return {id: Bilingual(term.zh, term.en.replace("-", " ")) for id, term in dict.fromkeys(words.values())}
