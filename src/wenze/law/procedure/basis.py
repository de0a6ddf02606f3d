"""On what a statement of procedure rests: the instrument, the article, its modality, and how far it was checked."""

from __future__ import annotations

from dataclasses import dataclass

from wenze.law import text
from wenze.law.rules import Bilingual, Place
from wenze.law.steps import Provenance

FLAGS = {
    Provenance.TEXT: Bilingual("已核对条文", "the article was read"),
    Provenance.COPY: Bilingual("据转录本", "read in a second-hand copy"),
    Provenance.KNOWN: Bilingual("一般所知,待核实", "general knowledge, to be confirmed"),
    Provenance.MISSING: Bilingual("未掌握文本", "text not held"),
}


@dataclass(frozen=True, slots=True)
class Basis:
    """Who says something. `instrument` is "" for the procedure's own arrangement, which no text holds.

    `anchors` is empty where no article is named; `optional` where an office may leave the layer out.
    """

    instrument: str
    title: Bilingual
    anchors: tuple[str, ...]
    modality: Bilingual
    provenance: Provenance
    optional: bool
    place: Place

    def cite(self, lang: str) -> str:
        """The instrument and the article as lawyers write them."""
        articles = _articles(self.anchors, lang)
        if lang == "en":
            return f"{self.title.en}, {articles}" if articles else self.title.en
        return f"《{self.title.zh}》{articles}" if self.instrument else self.title.zh

    def flag(self, lang: str) -> str:
        """How far the statement was checked, and whether its layer is optional."""
        said = FLAGS[self.provenance].in_(lang)
        optional = {"en": "; optional layer"}.get(lang, ";可选层")
        return said + (optional if self.optional else "")


def _articles(anchors: tuple[str, ...], lang: str) -> str:
    """Articles in one breath; three or more whole ones in a row as a range."""
    numbers = [int(anchor) for anchor in anchors if anchor.isdecimal()]
    if len(numbers) > 2 and len(numbers) == len(anchors) and numbers == list(range(numbers[0], numbers[-1] + 1)):
        first, last = anchors[0], anchors[-1]
        return f"Arts. {first}-{last}" if lang == "en" else f"{text.cite(first, lang)}至{text.cite(last, lang)}"
    return text.cite_all(anchors, lang)
