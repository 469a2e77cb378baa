"""The plugin of pytest: with ``--derivations`` each equality of a derivation file is a test.

It is part of every run of pytest where this project is installed, so that nothing else is imported
without the option, or a test that asks for `check_kernel`: who tests a package ``derivations`` of
his own is left in peace.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec

import pytest

from proved_kernels import foreign

if TYPE_CHECKING:
    from derivations.implementation import CheckReport
    from derivations.report.pytest_items import DerivationFile

P = ParamSpec("P")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option."""
    group = parser.getgroup("derivations")
    group.addoption(
        "--derivations",
        action="store_true",
        help="a test for each equality of the derivation files (.md, .tex, .ipynb): it passes if "
        "it is proved, or has the verdict that the file says it expects",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Nothing is collected where another package goes by the name of this project's."""
    if config.getoption("--derivations"):
        for each in foreign("derivations"):
            raise pytest.UsageError(f"--derivations: {each}")


@pytest.fixture
def check_kernel() -> Callable[..., CheckReport]:
    """`derivations.check_kernel`, which fails the test with the report where something is wrong."""
    for each in foreign("derivations"):
        raise pytest.UsageError(f"check_kernel: {each}")
    return failing_check()


def failing_check() -> Callable[..., CheckReport]:
    """`derivations.check_kernel` that raises where something is wrong."""
    from derivations import check_kernel

    return _raising(check_kernel)


def _raising(check: Callable[P, CheckReport]) -> Callable[P, CheckReport]:
    def checked(*given: P.args, **options: P.kwargs) -> CheckReport:
        report = check(*given, **options)
        report.raise_if_wrong()
        return report

    return checked


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> DerivationFile | None:
    """A derivation file."""
    if not parent.config.getoption("--derivations"):
        return None
    from derivations.report.pytest_items import collected

    return collected(file_path, parent)
