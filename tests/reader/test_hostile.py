"""No text takes long or runs anything, and a formula is read again only where it must be."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from time import process_time

import pytest

import derivations.reader
from derivations.reader import source
from derivations.reader.declare.block import Lost, declared
from derivations.reader.derivation import reading
from derivations.reader.line import Line
from derivations.reader.references import Remembered
from derivations.reader.scope import Scope
from derivations.reader.source import Source
from tests.reader.meaning import problems

# What does not take long: hostile text ends in seconds, or it would take minutes.
#
# Bounds are several times what a slow machine needs, since a reader that looks again and again at
# what it has seen needs not twice but hundreds of times as long.


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fails where the processor takes longer for what is done.

    What earlier tests left in memory is not looked through by the garbage collector meanwhile:
    that time is theirs.
    """
    gc.freeze()
    start = process_time()
    try:
        yield
        taken = process_time() - start
    finally:
        gc.unfreeze()
    assert taken < seconds, f"took {taken:.1f} s, not {seconds:.0f}"


# Text that asks for too much is refused soon, and no text is ever run.


GIVEN = r"""size N, d >= 1
index c, w, x in Vocab = 1..N
scalar a, b, z
vector p, q in R^d
matrix A in R^{d x d}
define \sigma(t) = \frac{1}{1 + e^{-t}}
"""
SOON = 10.0  # seconds of the processor


def chained(formula: str, first: str, count: int) -> str:
    """Definitions b_0, b_1, ... each of which uses the one before, called B here."""
    names = [f"b_{{{n}}}" for n in range(count)]
    later = (f"define {name} = {formula.replace('B', before)}" for before, name in pairwise(names))
    return "\n".join((f"define b_{{0}} = {first}", *later))


def around(before: str, inside: str, behind: str, times: int) -> str:
    return before * times + inside + behind * times


# what is written, and what is said of it
FORMULAS = {
    around("(", "z", ")", 41): "more than 40 brackets deep",
    around("{", "z", "}", 100): "more than 40 brackets deep",
    around(r"\{", "z", r"\}", 100): "more than 40 brackets deep",
    "(" * 60_000: "more than 50,000 characters",
    " " * 60_000 + "z": "more than 50,000 characters",
    "z + " * 2001 + "z": "more than 4000 signs",
    "1" * 13: "more than 12 digits",
    "0." + "1" * 50: "more than 12 digits",
    "a^{13}": "exponent above 12",
    "a^{-13}": "exponent above 12",
    "a^{9^9}": "exponent above 12",
    "9^{9^{9^9}}": "exponent above 12",
    "((a^9)^9)^9": "exponents within exponents above 144",
    "((9^9)^9)^9": "more than 2000 bits",
    around("(", "9", "^{12})", 30): "more than 2000 bits",
    around("(", "e^a", ")^{12}", 30): "exponents within exponents above 144",
    "a " * 1000: "more than 100 factors in one product",
    r"\sum_w " * 7 + "z": "more than 6 sums, derivatives or functions",
    r"\frac{\partial}{\partial z} " * 7 + "z": "more than 6 sums, derivatives or functions",
    r"\sum_{" + ", ".join("cwxijklmn") + "} z": "",
    r"\sum_{w, w} z": "bound twice",
    around(r"\sigma(", "z", ")", 39): "nested deeper than 150",
    "p^T " + "A " * 300 + "q": "more than 24 vectors and matrices",
    r"\frac" * 1000 + "z" * 1001: "",
    r"\hat" * 1000 + "z": "",
    "z" + around("_{z", "", "}", 39): "",
    "|" * 400: "",
}


@pytest.mark.parametrize("latex", FORMULAS, ids=lambda latex: latex[:16])
def test_a_formula_that_asks_for_too_much_is_refused_soon(latex: str) -> None:
    with within(SOON):
        found = problems(f"```given\n{GIVEN}```\n\n$$z = {latex}$$\n")
    assert FORMULAS[latex] in found[0].what


DECLARATIONS = {
    chained("B B", "a", 60): "larger than 20000 when its definitions are written out",
    chained(r"B + \exp(B)", "a", 60): "larger than 20000 when its definitions are written out",
    chained(r"\exp(B)", "a", 400): "nested deeper than 150",
    chained("B^{12}", "a + 1", 20): "exponents within exponents above 144",
    "scalar r\n" * 600: "more than 500 lines",
    "scalar " + ",".join("x" * 3000): "more than 2000 characters",
    "size" + " " * 5000 + "M": "more than 2000 characters",
    "index r in 1..9999999999999": "no size has this name",
}


@pytest.mark.parametrize("lines", DECLARATIONS, ids=lambda lines: lines[:30])
def test_declarations_that_ask_for_too_much_are_refused_soon(lines: str) -> None:
    with within(SOON):
        found = problems(f"```given\n{GIVEN}{lines}\n```\n\n$$z = z$$\n")
    assert DECLARATIONS[lines] in found[0].what


def test_an_application_within_an_application_counts_as_written_out() -> None:
    nested = around("f(", "z", ")", 30)
    given = GIVEN + r"define f(t) = t \exp(t)"
    (problem,) = problems(f"```given\n{given}\n```\n\n$$z = {nested}$$\n")
    assert "larger than 20000" in problem.what


def test_many_formulas_beside_many_displays_are_read_soon() -> None:
    """Each may be a condition of each line behind it, and says what a name is."""
    parts = (
        f"Let $y_{{{n}}} = a p^T q + {n}$ and suppose $a b = {n}$ here.\n\n"
        f"$$(a + {n})^2 = a^2 + {2 * n} a + {n * n}$$\n\n"
        for n in range(90)
    )
    with within(SOON):
        found = reading(f"```given\n{GIVEN}```\n\n{''.join(parts)}", "own.md")
    assert all(isinstance(each, Line) for each in found.entries)


LINE = "```given\nscalar z\n```\n\n$$z = z$$\n"
FILES = {
    "z" * (source.MOST_BYTES + 1): "more than 1,000,000 characters",
    "\n" * 60_000: "more than 50,000 lines",
    LINE + "$$z = z$$\n" * 2100: "more than 2000 lines",
    "$$ " * 100_000: "more than 2000 lines",
    "$$z=z$$\n" * 2100: "more than 2000 lines",
    LINE + "$$z" + "=z" * 3000 + "$$": "more than 2000 lines",
    "".join(f"# ({n}) part\n" for n in range(7_000)): "no line to judge",
    "```\n```\n" * 20_000: "no line to judge",
    "```given\nscalar z\n```\n$$z=z$$\n- line.1"
    + " " * 40_000
    + "x\n": "more than 2000 characters",
    "```given\nscalar z\n```\n$$z=z$$\n" + "- line.1 refuted\n" * 5000: "remarked on before",
}


@pytest.mark.parametrize("text", FILES, ids=lambda text: text[:20])
def test_a_file_that_asks_for_too_much_is_refused_soon(text: str) -> None:
    with within(SOON):
        found = problems(text)
    assert FILES[text] in found[0].what


FORBIDDEN = {"eval", "exec", "compile", "sympify", "parse_expr", "lambdify", "__import__"}
MODULES = {"pickle", "marshal", "shelve", "subprocess", "importlib", "os", "socket", "ctypes"}


def run_or_loaded(text: str) -> set[str]:
    """The names in a file that could run text or load what it names."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute) and ast.unparse(node) != "re.compile":
            found.add(node.attr)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", None)
            found |= {alias.name for alias in node.names} | ({module} if module else set())
    return found & (FORBIDDEN | MODULES)


def test_the_reader_runs_no_text() -> None:
    (folder,) = derivations.reader.__path__
    files = sorted(Path(folder).rglob("*.py"))
    assert len(files) > 30
    assert {path.name: run_or_loaded(path.read_text(encoding="utf-8")) for path in files} == {
        path.name: set() for path in files
    }


@pytest.mark.parametrize(
    "planted", ["eval(text)", "sympy.sympify(text)", "import pickle", "from os import system"]
)
def test_a_planted_evaluation_would_be_seen(planted: str) -> None:
    assert run_or_loaded(planted)


def test_a_name_that_looks_like_code_is_only_a_name() -> None:
    (problem,) = problems("```given\nscalar z\n```\n\n$$z = \\mathrm{exit}(1)$$\n")
    assert problem.what == "nothing has this name"


# A formula of the text is read again only where a name in it may mean something else.


GIVEN_OF_FORMULAS_AGAIN = "size n >= 1\nindex i in 1..n\nvector x in R^n\nscalar a"


def scope_of(lines: str) -> Scope:
    return declared([Source(line).whole for line in lines.splitlines()], Scope())


def then(scope: Scope, lines: str) -> Scope:
    return declared([Source(line).whole for line in lines.splitlines()], scope)


def times_looked(first: Scope, second: Scope, formula: str, lost: Lost | None = None) -> int:
    looked: list[int] = []

    def find() -> int:
        looked.append(1)
        return len(looked)

    remembered, span = Remembered[int](), Source(formula).whole
    remembered(span, first, Lost(), find, 0)
    assert remembered(span, second, lost or Lost(), find, 0) == len(looked)
    return len(looked)


@pytest.mark.parametrize(
    ("more", "times"),
    [
        ("scalar b", 1),
        (r"define b = a^2", 1),
        ("define f(t) = 2 t", 1),
        ("scalar x", 2),
        ("scalar x_{1}", 2),
        (r"define x_{new} = 2 a", 2),
        ("index j in Other = 1..3", 2),
        ("index j in 1..n", 2),
    ],
)
def test_it_is_read_again_where_a_letter_in_it_is_declared(more: str, times: int) -> None:
    scope = scope_of(GIVEN_OF_FORMULAS_AGAIN)
    assert times_looked(scope, then(scope, more), "a = x_1") == times


def test_it_is_read_again_where_a_condition_is_declared() -> None:
    scope = scope_of(GIVEN_OF_FORMULAS_AGAIN)
    assert times_looked(scope, then(scope, "scalar b > 0"), "a = x_1") == 2


def test_it_is_read_again_where_a_declaration_was_lost() -> None:
    scope = scope_of(GIVEN_OF_FORMULAS_AGAIN)
    lost = Lost({"q": Source("q").whole.place})
    assert times_looked(scope, scope, "a = x_1", lost) == 2


def test_of_very_many_the_last_are_not_looked_for() -> None:
    remembered, scope = Remembered[int](most=2), scope_of(GIVEN_OF_FORMULAS_AGAIN)
    spans = [Source(f"a = {n}").whole for n in range(3)]
    assert [remembered(span, scope, Lost(), lambda: 1, 0) for span in spans] == [1, 1, 0]
    assert remembered(spans[0], scope, Lost(), lambda: 2, 0) == 1
