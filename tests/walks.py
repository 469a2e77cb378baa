"""Walks through the code: the files in which a named function ran, from one call to its result.

``python -m tests.walks`` prints the three that ``ARCHITECTURE.md`` describes. A first run fills
what is kept between calls and is not counted.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from inspect import CO_OPTIMIZED
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).parents[1]
PACKAGES = ("derivations", "codegen")
TEXT = r"""```given
size n >= 1
index i, j in 1..n
vector y, z in R^n
define L = -\sum_i y_i \log \frac{\exp(z_i)}{\sum_j \exp(z_j)}
```

$$\frac{\partial L}{\partial z_j} = \frac{\exp(z_j)}{\sum_i \exp(z_i)} \sum_i y_i - y_j$$
"""


def visited(walk: Callable[[], object]) -> list[str]:
    """The files of the source packages that the second of two calls ran a named function of."""
    found: set[str] = set()
    folders = tuple(f"{ROOT / package}/" for package in PACKAGES)

    def look(frame: FrameType, event: str, argument: Any) -> None:
        code = frame.f_code
        named = code.co_flags & CO_OPTIMIZED and not code.co_name.startswith("<")
        if event == "call" and named and code.co_filename.startswith(folders):
            found.add(str(Path(code.co_filename).relative_to(ROOT)))

    walk()
    before = sys.getprofile()
    sys.setprofile(look)
    try:
        walk()
    finally:
        sys.setprofile(before)
    return sorted(found)


def line_to_verdict() -> object:
    """A display of a text, read and judged."""
    from derivations.proof.judge import judge
    from derivations.reader.derivation import reading
    from derivations.reader.equation import Line

    (line,) = reading(TEXT, "text.md").entries
    assert isinstance(line, Line)
    judgement = judge(line.claim)
    assert judgement.verdict.value == "proved"
    return judgement


def loss_to_text() -> object:
    """The kernels of GloVe, whose claims are proved, as the text of their module for NumPy."""
    from codegen.backends.numpy.numpy_package import module_text
    from codegen.subjects import MODULES

    stated = _stated()
    return [module_text(one, stated) for one in MODULES if one.path == "glove.py"]


def claim_to_theorem() -> object:
    """A judged claim as a theorem of Coq with its proof."""
    from derivations.certify.theorem import certificate

    return certificate("walk", _judged())


@cache
def _stated() -> dict[str, Any]:
    from codegen.kernel import equalities
    from codegen.subjects import CLAIMS

    return {**equalities(CLAIMS)}


@cache
def _judged() -> Any:
    return line_to_verdict()


WALKS: dict[str, Callable[[], object]] = {
    "a line to its verdict": line_to_verdict,
    "a loss to its text": loss_to_text,
    "a claim to its theorem": claim_to_theorem,
}
# as many files as each may visit
MOST = {"a line to its verdict": 35, "a loss to its text": 14, "a claim to its theorem": 7}


if __name__ == "__main__":
    for name, walk in WALKS.items():
        files = visited(walk)
        print(f"{name}: {len(files)} files")
        print("\n".join(f"    {file}" for file in files))
