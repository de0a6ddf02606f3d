"""The page in a real browser, offline: what it is given, and that it asks for nothing."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from wenze.ledger import verifying_page


@pytest.fixture
def browser_page(browser: Any, tmp_path: Path) -> Iterator[Any]:  # Any: playwright's browser and page
    (tmp_path / "check.html").write_text(verifying_page(), encoding="utf-8")
    context = browser.new_context(locale="zh-CN", offline=True)
    page = context.new_page()
    page.asked, page.errors = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda message: page.errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.goto((tmp_path / "check.html").as_uri())
    yield page
    assert page.errors == []
    assert [url for url in page.asked if not url.startswith("file:")] == []
    context.close()


def check_in_browser(page: Any, data: bytes, trusted: Sequence[object], notes: Sequence[str]) -> None:
    """As a person does it: chooses the file, pastes keys and checkpoints, presses the button."""
    page.set_input_files("#file", {"name": "record.jsonl", "mimeType": "application/jsonl", "buffer": data})
    page.fill("#keys", "\n".join(map(str, trusted)))
    page.fill("#held", "\n".join(notes))
    page.click("button[type=submit]")
    page.wait_for_selector("#verdict:visible", timeout=60_000)
