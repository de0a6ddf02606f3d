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
    """Who says something. `anchors` is empty where no article is named; `optional` where an office may leave the layer out."""

    instrument: str
    title: Bilingual
    anchors: tuple[str, ...]
    modality: Bilingual
    provenance: Provenance
    optional: bool
    place: Place

    def cite(self, lang: str) -> str:
        """The instrument and the article as lawyers write them."""
        articles = text.cite_all(self.anchors, lang)
        if lang == "en":
            return f"{self.title.en}, {articles}" if articles else self.title.en
        return f"《{self.title.zh}》{articles}"

    def flag(self, lang: str) -> str:
        """How far the statement was checked, and whether its layer is optional."""
        said = FLAGS[self.provenance].in_(lang)
        optional = {"en": "; optional layer"}.get(lang, ";可选层")
        return said + (optional if self.optional else "")
