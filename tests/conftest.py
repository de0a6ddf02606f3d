"""What holds for all tests: how hypothesis explores, where a browser comes from, that the gate skips nothing."""

import os
from collections.abc import Iterator
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings

from browser import launched

# Every test compiles the law it speaks of; the folder of whoever runs the tests stays as it is.
os.environ["WENZE_NO_CACHE"] = "1"

# --- how hypothesis explores: a property says nothing of its number of examples, the profile does ----------------------

# The gate: the same examples every time, so that a failure is the fault of the change at hand.
settings.register_profile("gate", deadline=None, derandomize=True, print_blob=True)

# `.ci/long fuzz`: many, and other ones every time; what failed is kept in .hypothesis and tried first.
settings.register_profile(
    "long",
    deadline=None,
    max_examples=int(os.environ.get("WENZE_FUZZ_EXAMPLES", "2000")),
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

# `.ci/long mutation`: a failure is enough, the smallest one is not looked for.
settings.register_profile(
    "mutation", deadline=None, derandomize=True, max_examples=40, database=None, phases=[Phase.explicit, Phase.generate]
)

settings.load_profile("gate")


# --- a browser --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium. Closed with the module: while it is open an event loop runs here, beside which Django refuses to work."""
    with launched() as chromium:
        yield chromium


def pytest_itemcollected(item: pytest.Item) -> None:
    """What asks for a browser is marked so, and can be left out with `-m "not browser"`."""
    if "browser" in getattr(item, "fixturenames", ()):
        item.add_marker("browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("begins_first") is None)


# --- nothing is skipped where everything is to be there: `.ci/run` sets WENZE_SKIP_NOTHING ----------------------------


Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def _not_skipped(report: Report) -> Report:
    if os.environ.get("WENZE_SKIP_NOTHING") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, where WENZE_SKIP_NOTHING asks that nothing is: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    return _not_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    return _not_skipped((yield))
