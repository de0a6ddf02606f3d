"""The English of the pages: gathers every sentence, keeps what is translated, compiles. `python tests/web/catalogs.py`.

Chinese is the language of templates and code; the catalogue holds the English beside it, sorted, without line numbers, so
that two who work at once rarely touch the same line.
"""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
WEB = ROOT / "src" / "wenze" / "web"
CATALOG = WEB / "locale" / "en" / "LC_MESSAGES" / "django.po"
_HEADER = """\
# The English of the pages; tests/web/catalogs.py keeps it.
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

"""
_KEYWORDS = {
    name: None for name in ("gettext", "gettext_lazy", "gettext_noop", "_", "pgettext", "ngettext", "npgettext")
}


def gathered() -> set[str]:
    """Every sentence of templates and code under `web`."""
    from django.utils.translation.template import templatize

    found = set()
    for file in sorted(WEB.rglob("*.html")):
        found |= _sentences(templatize(file.read_text("utf-8"), origin=str(file)))
    for file in sorted(WEB.rglob("*.py")):
        if "migrations" not in file.parts:
            found |= _sentences(file.read_text("utf-8"))
    return found


def _sentences(python: str) -> set[str]:
    options = {"encoding": "utf-8"}
    rows = extract_python(io.BytesIO(python.encode()), list(_KEYWORDS), (), options)
    return {message if isinstance(message, str) else message[0] for _, _, message, _ in rows if message}


def kept() -> dict[str, str]:
    if not CATALOG.exists():
        return {}
    with CATALOG.open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file, locale="en") if entry.id}


def written(sentences: set[str], english: dict[str, str]) -> tuple[bytes, bytes]:
    """The catalogue as text, and compiled."""
    catalog = Catalog(locale="en")
    for sentence in sorted(sentences):
        catalog.add(sentence, english.get(sentence, ""))
    text, compiled = io.BytesIO(), io.BytesIO()
    write_po(text, catalog, omit_header=True, width=0)
    whole = _HEADER.encode() + text.getvalue()
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)  # the same bytes every time
    write_mo(compiled, catalog)
    return whole, compiled.getvalue()


def main() -> None:
    import django
    from django.conf import settings

    settings.configure()
    django.setup()
    english = kept()
    whole, compiled = written(gathered(), english)
    CATALOG.write_bytes(whole)
    CATALOG.with_suffix(".mo").write_bytes(compiled)
    missing = [sentence for sentence in gathered() if not english.get(sentence)]
    print(*missing, f"{len(missing)} without English", sep="\n", file=sys.stderr)


if __name__ == "__main__":
    main()
