"""The page that checks an exported record in a browser: one file, no network, made of the files beside this one."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from importlib.resources import files

_SCRIPTS = ("hashes.js", "curves.js", "check.js", "page.js")


def verifying_page() -> str:
    """The whole page as HTML. Its policy lets run what is in it, and lets nothing out."""
    style, script = _read("style.css"), "\n".join(map(_read, _SCRIPTS))
    words = re.sub(r"\s*\n\s*", "", _read("findings.json")).replace("<", "\\u003c")
    allowed = f"style-src '{_source(style)}'; script-src '{_source(script)}'"
    policy = f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"
    parts = {"policy": policy, "style": style, "words": words, "script": script}
    return re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], _read("page.html"))


def _source(text: str) -> str:
    """How a Content-Security-Policy names text that may be in the page."""
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _read(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
