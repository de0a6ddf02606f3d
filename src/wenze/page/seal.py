"""What lets somebody check a page later, in one quiet line: hashes of what was used, and a QR code of the receipt's own."""

from __future__ import annotations

import htpy as h
import segno

from wenze.page.sheet import Sheet

_QUIET = 4  # modules of white around a code, as its standard asks


def seal(sheet: Sheet, engine: str, made: str) -> h.Node:
    law, say = sheet.determination.law, sheet.say
    colon = sheet.tongue.colon()
    rows = [
        (say("案卷代号", "case file"), sheet.determination.case.id),
        (say("本件散列", "this determination"), made),
        (say("规范文件散列", "instrument"), law.digest),
        (say("规则散列", "rules"), law.rules_digest),
        (say("程序", "program"), f"wenze {engine}"),
    ]
    how = say(
        "供日后核对:同一案件、规范和解读,任何时候重新推导,以上散列不变(wenze recheck)。",
        "To check it later: the same case, law and readings give the same hashes at any time (wenze recheck).",
    )
    return h.footer(".seal")[
        code(f"sha256:{made}", say("本件散列的二维码", "QR code of the hash of this determination")),
        h.p[[[name, colon, h.code[sheet.text(value)], say("；", "; ")] for name, value in rows], how],
    ]


def code(text: str, label: str) -> h.Element:
    """A QR code as a picture drawn here: dark on white in either colour scheme, as readers of codes need."""
    made = segno.make(text, error="m", micro=False)
    rows = [list(row) for row in made.matrix]
    size = len(rows) + 2 * _QUIET
    path = "".join(
        f"M{x + _QUIET} {y + _QUIET}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    drawn = {"viewBox": f"0 0 {size} {size}", "shape-rendering": "crispEdges"}
    return h.svg(".qr", drawn, role="img", aria_label=label)[
        h.Element("rect")(width=str(size), height=str(size), fill="#fff"), h.Element("path")(d=path, fill="#000")
    ]
