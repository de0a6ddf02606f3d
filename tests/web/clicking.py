"""People at browsers: they log in, follow links, fill in what is asked and send it; nothing else leads anywhere.

Waits are for what the page shows, never for time, so that a slow machine is only slow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any  # playwright's own types are not there where the extra is not installed

PATIENCE = 180_000  # milliseconds that any one page may take
SAID = "main [role=status], main [role=alert], main .wrong"  # what an answer to a form has, and the form has not


@dataclass
class Office:
    """Where it answers, and how somebody logs in: `code` gives the one-time code an authenticator would show, `expire` ends every log-in."""

    address: str
    password: str
    code: Callable[[str], str]
    expire: Callable[[], None]


@dataclass
class Somebody:
    """One user in a browser of their own, in one language, at one case."""

    browser: Any
    office: Office
    username: str
    language: str
    case: str = ""
    wrong: list[str] = field(default_factory=list)
    page: Any = None
    day: date = field(default_factory=date.today)  # as of which the case is shown

    def __post_init__(self) -> None:
        context = self.browser.new_context(locale="zh-CN", reduced_motion="reduce")
        context.set_default_timeout(PATIENCE)
        self.page = context.new_page()
        self.page.on("console", lambda said: self.wrong.append(said.text) if _breaks(said) else None)
        self.page.on("request", lambda asked: self.wrong.append(asked.url) if self._elsewhere(asked.url) else None)
        self.page.goto(self.office.address)
        if self.language == "en":
            self.page.click("button[value=en]")
            self.page.wait_for_selector('html[lang="en"]')
        self.prove(username=self.username)
        self.page.wait_for_selector("main h1")

    def _elsewhere(self, url: str) -> bool:
        return not url.startswith((self.office.address, "data:", "blob:"))

    def prove(self, **typed: str) -> None:
        """Password and code, with the user name where that is asked too."""
        for name, value in {**typed, "password": self.office.password}.items():
            self.page.fill(f"#id_{name}", value)
        self.page.fill("#id_code", self.office.code(self.username))
        self.page.press("#id_code", "Enter")
        self.page.wait_for_selector("#id_code", state="detached")

    def open(self, case: str) -> None:
        """The case, from the list of cases."""
        self.case = case
        self.page.click('header nav a[href="/cases"]')
        self.page.click(f'main a[href^="/cases/{case}"]')
        self.page.wait_for_selector(".case-head")

    def at(self, day: date) -> None:
        """The case as of a day, on which what is entered next was done."""
        self.day = day
        self.tab()
        if not self.page.locator("#on").is_visible():
            self.page.locator("summary", has=self.page.locator("xpath=following-sibling::form")).click()
        self.page.fill("#on", day.isoformat())
        self.page.press("#on", "Enter")
        self.page.wait_for_selector(f'.as-of:has-text("{day.isoformat()}")')

    def tab(self, name: str = "") -> None:
        """One of the pages of the case; the first one without a name."""
        where = "nav.tabs li:first-child a" if not name else f'nav.tabs a[href^="/cases/{self.case}/{name}"]'
        self.page.click(where)
        self.page.wait_for_selector(f"{where}[aria-current]")

    def asked(self) -> list[str]:
        """Where the questions lead that the page of facts asks first."""
        return self._links('section[aria-labelledby=ask] a[href*="/find?"]')

    def found(self) -> list[str]:
        """Where what was found of a fact is put right."""
        return self._links('section[aria-labelledby=entered] a[href*="/find?"]')

    def _links(self, which: str) -> list[str]:
        return [each.get_attribute("href") for each in self.page.locator(f"main {which}").all()]

    def follow(self, part: str) -> None:
        """A link of the page with this in its address; what it is folded into is unfolded first."""
        link = self.page.locator(f'main a[href*="{part}"]').first
        folded = self.page.locator(f'main details:not([open]):has(a[href*="{part}"])').first
        link.wait_for(state="attached")
        if not link.is_visible() and folded.count():
            folded.locator("> summary").click()
        link.click()
        self.page.wait_for_selector("main form[method=post]")
        if self.page.locator("#id_code").count():
            self.prove()
            self.page.wait_for_selector("main form[method=post]")

    def fill(self, **said: Any) -> None:
        """Fields by name: text, days, options; a list ticks these boxes and no others."""
        for name, value in said.items():
            fields = self.page.locator(f'main form[method=post] [name="{name}"]')
            kind = fields.first.evaluate("each => each.type || each.tagName")
            if kind in ("checkbox", "radio"):
                self._tick(fields, [value] if isinstance(value, str) else value)
            elif kind == "select-one":
                fields.first.select_option(value)
            elif kind == "file":
                fields.first.set_input_files(value)
            else:
                fields.first.fill(str(value))

    def _tick(self, boxes: Any, wanted: list[str]) -> None:
        for each in boxes.all():
            value = each.get_attribute("value")
            if (value in wanted) != each.is_checked():
                each.set_checked(value in wanted)

    def send(self) -> list[str]:
        """Sends the form; gives what the answer refuses, nothing where it was done."""
        self.page.click("main form[method=post] button:not(.plain)")
        self.page.locator(SAID).first.wait_for()
        return [each.strip() for each in self.page.locator("main [role=alert] p, main .wrong").all_inner_texts()]

    def does(self, part: str, **said: Any) -> None:
        self.follow(part)
        self.fill(**said)
        refused = self.send()
        assert not refused, (part, refused)

    def leave(self) -> None:
        self.page.context.close()
        assert self.wrong == [], "nothing is fetched from elsewhere, nothing breaks the policy"


def _breaks(said: Any) -> bool:
    return said.type == "error" and "status of 4" not in said.text  # a refusal's own status is told as an error too
