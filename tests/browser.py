"""Chromium for the tests: where it is, how it starts, what axe says of a page. A test asks for it as `browser`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any  # playwright's own types are not there where the extra is not installed

import pytest

WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@contextmanager
def launched() -> Iterator[Any]:
    """A browser of playwright's; skips, with what is to be installed, where there is none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here: apt install chromium fonts-noto-cjk")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: pip install -e '.[browser]'"
    )
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def violations(page: Any) -> list[str]:
    """What axe holds against a page by WCAG 2.2 AA: rule, what it says, the elements concerned."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed: pip install -e '.[browser]'"
    )
    found = axe.Axe().run(page, options={"runOnly": WCAG_2_2_AA}).response["violations"]
    return [
        f"{rule['id']}: {rule['help']}: {', '.join(str(node['target']) for node in rule['nodes'])}" for rule in found
    ]
