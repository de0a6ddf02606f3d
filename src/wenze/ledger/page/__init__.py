"""The page that checks an exported record in a browser: one file, no network, made of the files beside this one."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from importlib.resources import files

_SCRIPTS = ("hashes.js", "curves.js", "check.js", "page.js")


def verifying_page() -> str:
    """The whole page as HTML. Its policy lets run what is in it, and lets nothing out."""
    words = re.sub(r"\s*\n\s*", "", _read("findings.json")).replace("<", "\\u003c")
    parts = {"policy": verifying_policy(), "style": _style(), "words": words, "script": _script()}
    return re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], _read("page.html"))


def verifying_policy() -> str:
    """The page's Content-Security-Policy, for a server that has to send the same."""
    allowed = f"style-src '{_source(_style())}'; script-src '{_source(_script())}'"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def _style() -> str:
    return _read("style.css")


def _script() -> str:
    return "\n".join(map(_read, _SCRIPTS))


def _source(text: str) -> str:
    """How a Content-Security-Policy names text that may be in the page."""
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _read(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
