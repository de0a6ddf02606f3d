"""The receipt on the page: what was used, by hash, and a QR code of the receipt's own."""

from __future__ import annotations

import htpy as h
import segno

from wenze.page.sheet import Sheet

_QUIET = 4  # modules of white around a code, as its standard asks


def seal(sheet: Sheet, engine: str, made: str) -> h.Node:
    law, say = sheet.determination.law, sheet.say
    rows = [
        (say("回执散列", "receipt"), made),
        (say("规范文件散列", "instrument"), law.digest),
        (say("规则散列", "rules"), law.rules_digest),
        (say("程序版本", "engine"), f"wenze {engine}"),
    ]
    how = say(
        "同一案件、规范和解读,任何时候重新推导,散列不变:wenze recheck 核对 JSON 形式的回执。",
        "The same case, law and readings give the same hash at any time: wenze recheck derives a receipt (JSON form) again.",
    )
    return sheet.section(
        "seal",
        "回执",
        "Receipt",
        h.div(".sealed")[
            code(f"sha256:{made}", say("回执散列的二维码", "QR code of the receipt's hash")),
            h.div[h.dl[[[h.dt[name], h.dd[h.code[value]]] for name, value in rows]], h.p(".soft")[how]],
        ],
    )


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
