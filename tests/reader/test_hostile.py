"""Hostile and bad text: one bad line costs one line, no text takes long or runs anything."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from random import Random
from time import process_time

import pytest
from lark import Token
from lark.exceptions import UnexpectedToken

import derivations.reader
from derivations.claim import Verdict
from derivations.proof.judge import judge
from derivations.reader import source, statement_scope, syntax
from derivations.reader.declare.block import declared
from derivations.reader.declare.recovery import Lost
from derivations.reader.derivation import Derivation, UnreadableFile, derivation, reading
from derivations.reader.environment import Scope
from derivations.reader.equation import Line, Meaning, NotRead, elaborated
from derivations.reader.references import Remembered
from derivations.reader.source import Attempts, GivenUp, Source
from derivations.reader.syntax import Node, written
from tests.reader.alpha_equivalence import problems
from tests.reader.fuzz.texts import Tally, mutated, outcome, seeds
from tests.reader.test_conditions import introduced_verdicts as verdicts

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
        elif isinstance(node, ast.Attribute):
            found |= (
                {node.attr} if node.attr != "compile" or ast.unparse(node.value) != "re" else set()
            )
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


def given_again() -> Scope:
    return then(Scope(), "size n >= 1\nindex i in 1..n\nvector x in R^n\nscalar a")


def then(scope: Scope, lines: str) -> Scope:
    return declared([Source(line).whole for line in lines.splitlines()], scope)


def times_looked(first: Scope, second: Scope, lost: Lost | None = None) -> int:
    looked: list[int] = []

    def find() -> int:
        looked.append(1)
        return len(looked)

    remembered, span = Remembered[int](), Source("a = x_1").whole
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
def test_a_formula_is_read_again_where_a_letter_in_it_is_declared(more: str, times: int) -> None:
    scope = given_again()
    assert times_looked(scope, then(scope, more)) == times


def test_a_formula_is_read_again_where_a_condition_is_declared() -> None:
    scope = given_again()
    assert times_looked(scope, then(scope, "scalar b > 0")) == 2


def test_a_formula_is_read_again_where_a_declaration_was_lost() -> None:
    scope = given_again()
    lost = Lost({"q": Source("q").whole.place})
    assert times_looked(scope, scope, lost) == 2


def test_of_very_many_the_last_are_not_looked_for() -> None:
    remembered, scope = Remembered[int](most=2), given_again()
    spans = [Source(f"a = {n}").whole for n in range(3)]
    assert [remembered(span, scope, Lost(), lambda: 1, 0) for span in spans] == [1, 1, 0]
    assert remembered(spans[0], scope, Lost(), lambda: 2, 0) == 1


@pytest.fixture
def collected_before() -> Iterator[None]:
    """What other tests left in memory is not looked through on the clock of a text."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def share(count: int, seed: int) -> Tally:
    """Texts changed from the seeds and from what was read of the changed ones."""
    random, tally = Random(seed), Tally()
    known = [text for text in seeds() if len(text) < 2000]
    for _ in range(count):
        text = mutated(random.choice(known), known, random)
        found = outcome(text)
        tally.record(text, found)
        if found.kind == "read" and len(known) < 2000:
            known.append(text)
    return tally


@pytest.mark.usefixtures("collected_before")
@pytest.mark.parametrize("texts", [150, pytest.param(1200, marks=pytest.mark.slow)])
def test_every_text_is_read_or_refused_and_soon(texts: int) -> None:
    tally = share(texts, seed=1)
    assert tally.wrong == {}
    assert tally.slow == []
    # about one in thirteen is read (90 of 1,200, by four seeds): of 150, three more or less
    assert tally.counts["read"] > texts / 30
    assert tally.counts["refused"] > texts / 4


def test_a_planted_crash_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(error: UnexpectedToken, before: Sequence[Token]) -> str:
        return str(before[len(before)].value)

    monkeypatch.setattr(syntax, "_advice", broken)
    tally = share(100, seed=2)
    assert any(said.startswith("IndexError at reader/syntax.py") for said in tally.broken)


# One bad line costs one line: what stands beside it is read as if it were not there.


BAD_GIVEN = """\
```given
size n >= 1
index i, j in 1..n
scalar a, b, c
vector x in R^n
```

"""


def read(displays: str, given: str = BAD_GIVEN) -> Derivation:
    return reading(given + displays, "own.md")


def told(found: Derivation) -> dict[str, str]:
    """Each line with its verdict, or with where it could not be read and at what."""
    return {entry.id: _told(entry) for entry in found.entries}


def _told(entry: Line | NotRead) -> str:
    if isinstance(entry, NotRead):
        return f"{entry.problem.place} {entry.problem.token}"
    return judge(entry.claim).verdict.value


# a display, its lines, and the line behind it
UNREADABLE = {
    "$$a = \\foo$$": ["10:7 \\foo"],
    "$$a = q$$": ["10:7 q"],
    "$$a = (b$$": ["10:8 b"],
    "$$a = b)$$": ["10:8 )"],
    "$$a$$": ["10:3 a"],
    "$$$$": ["10:3 "],
    "$$a \\le b$$": ["10:5 \\le"],
    "$$a <= b$$": ["10:5 <"],
    "$$a = b \\quad c$$": ["10:15 c"],
    "$$a = b + b \\\\ - a = b$$": ["10:16 -"] * 2,
    "$$a = \\foo \\\\ a = a, b = b$$": ["10:7 \\foo", "proved", "proved"],
    "$$a = \\foo = b = b$$": ["10:7 \\foo", "10:7 \\foo", "proved"],
    "$$a + a = 2 a = \\sum_{i=1}^n \\foo = b$$": ["proved", "10:30 \\foo", "10:30 \\foo"],
    "$$a = a \\le b = b$$": ["proved", "10:9 \\le", "proved"],
    "$$a = " + "(" * 50 + " b = c = a$$": ["10:47 ("] * 3,
    "$$a = (a = a$$": ["10:8 a", "10:8 a"],
    "$$a = a$$ $$b = b = b$$": ["proved", "proved", "proved"],
    "$$a = a\n\nprose": ["10:1 $$"],
    "$$a = a = b": ["10:1 $$"] * 2,
    "$$a = 1" + "2" * 20 + " = a$$": ["10:7 12222222222222222222", "10:7 12222222222222222222"],
}


@pytest.mark.parametrize("display", UNREADABLE, ids=lambda display: display[:24])
def test_what_cannot_be_read_costs_its_lines_and_no_number(display: str) -> None:
    found = told(read(f"$$a = a$$\n\n{display}\n\n$$a + b = b + a$$\n"))
    # the display stands two lines further down than alone
    lines = UNREADABLE[display]
    expected = ["proved", *lines, "proved"]
    assert [each.replace("10:", "@:") for each in found.values()] == [
        each.replace("10:", "@:") for each in expected
    ]
    assert list(found) == [f"line.{n}" for n in range(1, len(expected) + 1)]


def test_in_a_part_that_begins_with_a_sign_nothing_is_equalled() -> None:
    found = told(read("## (a) A\n\n$$= a = a$$\n\n$$b = b$$\n"))
    assert found == {"a.1": "10:3 =", "a.2": "10:3 =", "a.3": "proved"}


def test_a_chain_with_an_unread_middle_has_its_start_compared_with_its_end() -> None:
    first, second, third = read("$$2 a = \\foo = a + a = 2 b$$\n").entries
    assert isinstance(first, NotRead)
    assert isinstance(second, NotRead)
    assert first.from_start is None
    assert second.from_start is not None
    assert judge(second.from_start).verdict is Verdict.PROVED
    assert third.from_start is not None
    assert judge(third.from_start).verdict is Verdict.REFUTED
    assert (first.problem, second.problem) == (first.problem, first.problem)
    assert first.latex == r"2 a = \foo"


def test_a_chain_whose_start_is_not_read_is_not_compared_with_it() -> None:
    first, second = read("$$\\foo = a = a$$\n").entries
    assert isinstance(first, NotRead)
    assert second.from_start is None
    assert judge(second.claim).verdict is Verdict.PROVED if isinstance(second, Line) else False


def test_nothing_is_compared_across_a_sign_that_is_no_equality() -> None:
    *_, last = read("$$a = a \\le b = b$$\n").entries
    assert last.from_start is None


def test_an_unread_side_that_may_hold_a_condition_leaves_a_doubt() -> None:
    plain = read("$$a = \\foo = b$$\n").entries[1]
    conditional = read("$$a = \\foo \\quad (i \\ne j) = b$$\n").entries[1]
    assert plain.from_start is not None
    assert plain.doubt_from_start is None
    assert conditional.from_start is not None
    assert conditional.doubt_from_start is not None


BAD_DECLARATIONS = {
    # one declaration that cannot be read, a use of it, and why that is not read
    "scalar a^{-1}": ("a = a", "a"),
    "sclar q": ("q = q", "q"),
    "vector q in R^m": ("q = q", "q"),
    "vectors q_i in R^m, columns of Q": ("q_i = q_i", "q"),
    "vectors q_i in R^{m}, rows of Q": ("Q = Q", "Q"),
    "matrix a, Q in R^{n x m}": ("Q = Q", "Q"),
    "size m > 5": ("m = m", "m"),
    "index q in 1..m": ("\\sum_q a = a", "q"),
    "define q = \\foo": ("q = q", "q"),
    "define q_i = \\foo x_i": ("q_i = q_i", "q"),
    "define q_{odd} = \\foo": ("q_{odd} = a", "q_{odd}"),
    "define \\hat{x} = \\foo": ("\\hat{x} = x", "\\hat{x}"),
    "define q(a) = \\foo": ("q(2) = 2", "q"),
    "define q(a, a) = a": ("q(2, 2) = 2", "q"),
    "arbitrary q(2)": ("q(x) = 2", "q"),
    "list q_k in Foo, k in 1..n": ("x_{q_1} = 2", "q"),
    "list x_k in Foo, k in 1..n": ("x_k = 2", "x"),
}


@pytest.mark.parametrize("declaration", BAD_DECLARATIONS)
def test_a_bad_declaration_spoils_what_uses_it_and_nothing_else(declaration: str) -> None:
    use, name = BAD_DECLARATIONS[declaration]
    block = f"```given\nscalar s\n{declaration}\nscalar t\n```\n\n"
    found = read(f"{block}$${use}$$\n\n$$s + t + b + c = c + b + t + s$$\n")
    spoilt, good = found.entries
    assert isinstance(spoilt, NotRead)
    assert (spoilt.problem.token, spoilt.problem.what) == (
        name,
        "its declaration could not be read",
    )
    assert spoilt.problem.advice == "see 10:1"
    assert isinstance(good, Line)
    assert judge(good.claim).verdict is Verdict.PROVED
    (problem,) = found.problems
    assert problem.place.line == 10
    assert found.unread == (problem,)


def test_a_name_does_not_fall_back_to_what_it_meant_before() -> None:
    found = read(
        "## (a) A\n\n```given\nvector a in R^m\n```\n\n$$a = a$$\n\n## (b) B\n\n$$a = a$$\n"
    )
    spoilt, good = found.entries
    assert isinstance(spoilt, NotRead)
    assert isinstance(good, Line)


def test_a_declaration_that_uses_a_spoilt_name_is_spoilt_and_says_so() -> None:
    block = "```given\nsize a > 7\nvector q in R^a\ndefine r = a + 1\ndefine s(a) = a\n```\n\n"
    found = read(f"{block}$$q = q$$\n\n$$r = r$$\n\n$$s(b) = b$$\n")
    first, second, third = found.entries
    assert isinstance(first, NotRead)
    assert first.problem.advice == "see 10:1"
    assert isinstance(second, NotRead)
    assert second.problem.advice == "see 11:1"
    assert isinstance(third, Line)  # its a is the argument
    assert [str(each.place) for each in found.problems] == ["9:5", "10:15", "11:12"]
    assert [str(each.place) for each in found.unread] == ["9:5"]


def test_a_spoilt_name_may_be_declared_after_all() -> None:
    block = "```given\nscalar q^2\nscalar q\n```\n\n$$q = q$$\n"
    (line,) = read(block).entries
    assert isinstance(line, Line)


def test_a_name_declared_twice_in_a_block_is_spoilt() -> None:
    found = read("```given\nscalar q\nvector q in R^n\nscalar r\n```\n\n$$q = q$$\n\n$$r = r$$\n")
    spoilt, good = found.entries
    assert isinstance(spoilt, NotRead)
    assert isinstance(good, Line)


def test_subscripted_names_beside_a_spoilt_one_are_read() -> None:
    block = "```given\ndefine q = \\foo\nscalar q_{odd}\n```\n\n"
    first, second = read(f"{block}$$q_{{odd}} = q_{{odd}}$$\n\n$$q + q_{{odd}} = 0$$\n").entries
    assert isinstance(first, Line)
    assert isinstance(second, NotRead)


def test_an_assumption_that_cannot_be_read_leaves_a_doubt_on_what_follows() -> None:
    found = read("$$a = a$$\n\n```given\nif i < j\n```\n\n$$x_i = x_j$$\n")
    before, after = found.entries
    assert before.doubt is None
    assert after.doubt is not None
    assert str(after.doubt.place) == "11:4"


CONDITIONS = {
    "if i < j": True,
    "assume i \\ne j": True,
    "iff i \\ne j": True,
    "suppose that i and j differ": False,  # as far as can be told it declares something
    "sclar q": False,
    "vector q in R^m": False,
}


@pytest.mark.parametrize("declaration", CONDITIONS)
def test_what_may_be_an_assumption_spoils_no_name_and_leaves_a_doubt(declaration: str) -> None:
    found = read(f"```given\n{declaration}\n```\n\n$$x_i = x_j$$\n\n$$a = b$$\n")
    assert len(found.problems) == 1
    if CONDITIONS[declaration]:
        assert all(isinstance(entry, Line) and entry.doubt for entry in found.entries)
    else:
        assert not any(entry.doubt for entry in found.entries)


REMARKS = {
    "- if $i < j$": True,
    "- assuming that i and j differ": True,
    "- line.1 wrong": False,
    "- line.1": False,
    "- line.7 refuted": False,
    "- line.1 refuted, should be $\\foo$": False,
    "- line.1 refuted, should be $a = b = c$": False,
}


@pytest.mark.parametrize("remark", REMARKS)
def test_a_bad_remark_costs_what_it_says_and_may_be_a_condition(remark: str) -> None:
    found = read(f"$$x_i = x_j$$\n{remark}\n- if $i \\ne j$\n\n$$a = a$$\n")
    first, second = found.entries
    (problem,) = found.problems
    assert problem.place.line == 9
    assert isinstance(first, Line)
    assert [str(each) for each in first.claim.conditions] == ["i ≠ j"]
    assert (first.expected, first.correction) == (None, None)
    assert (first.doubt is not None) is REMARKS[remark]
    assert second.doubt is None


def test_a_line_may_say_that_it_will_not_be_read_and_what_it_should_be() -> None:
    found = read("$$2 a = \\foo$$\n- line.1 not read, should be $a + a$\n")
    (line,) = found.entries
    assert isinstance(line, NotRead)
    assert line.expected is Verdict.NOT_READ
    assert line.correction is not None
    assert judge(line.correction).verdict is Verdict.PROVED


def test_a_correction_needs_a_left_side() -> None:
    (line,) = read("$$\\foo = a$$\n- line.1 not read, should be $a$\n").entries
    assert line.correction is None
    (line,) = read("$$\\foo = a$$\n- line.1 not read, should be $2 a = a + a$\n").entries
    assert line.correction is not None


BLOCKS = {
    "```given\nscalar q": "a block that is never closed",
    "```python\nprint(1)": "a block that is never closed",
    "<!-- a remark": "a comment that is never closed",
    "## (line) Again": "",
}


@pytest.mark.parametrize("block", BLOCKS)
def test_a_malformed_block_is_told_and_the_lines_before_it_are_read(block: str) -> None:
    found = read(f"$$a = a$$\n\n{block}\n\n$$b = b$$\n")
    assert isinstance(found.entries[0], Line)
    assert [each.what for each in found.problems] == [w for w in [BLOCKS[block]] if w]


def test_a_block_of_declarations_that_is_never_closed_ends_at_an_empty_line() -> None:
    found = read("```given\nscalar q\n\n$$q = q$$\n")
    assert [type(entry) for entry in found.entries] == [Line]
    assert len(found.problems) == 1


def test_a_part_taken_up_again_goes_on_with_its_numbers() -> None:
    found = read("## (a) A\n\n$$a = a$$\n\n## (b) B\n\n$$b = b$$\n\n## (a) A\n\n$$c = c$$\n")
    assert [entry.id for entry in found.entries] == ["a.1", "b.1", "a.2"]
    assert [each.what for each in found.problems] == ["a part of this name is there already"]


def test_a_display_that_is_never_closed_turns_nothing_inside_out() -> None:
    found = read("$$a = b\n\nwhere $b$ is small\n\n$$\na = a\n$$\n\n$$b = b$$\n")
    first, *others = found.entries
    assert isinstance(first, NotRead)
    assert all(isinstance(entry, Line) for entry in others)
    assert [entry.latex for entry in found.entries] == ["a = b", "a = a", "b = b"]


def test_an_empty_line_within_a_display_that_is_closed_is_read() -> None:
    (line,) = read("$$\n\na = a\n\n$$\n").entries
    assert isinstance(line, Line)


def broken_at(text: str, fault: BaseException):  # type: ignore[no-untyped-def]
    def planted(node: Node, scope: Scope, chain: tuple[Node, ...]) -> Meaning:
        if written(node) == text:
            raise fault
        return elaborated(node, scope, chain)

    return planted


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (KeyError("planted"), "an error of this program, KeyError: 'planted'"),
        (RecursionError(), "nested too deep"),
        (MemoryError(), "more memory than there is"),
        (AssertionError(), "AssertionError"),
    ],
)
def test_an_error_of_the_reader_costs_the_lines_that_it_is_about(
    fault: BaseException, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statement_scope, "elaborated", broken_at("bc", fault))
    found = read("$$a = a$$\n\n$$b c = c b = b c = c b$$\n\n$$b + c = c + b$$\n")
    kinds = [type(entry) for entry in found.entries]
    assert kinds == [Line, NotRead, NotRead, NotRead, Line]
    problem = found.unread[0]
    assert said in problem.what
    assert isinstance(problem.__cause__, GivenUp)


def test_a_piece_of_reading_can_be_given_up_beforehand() -> None:
    begun: list[int] = []
    text = BAD_GIVEN + "$$a = a$$\n\n$$b = b$$\n"
    reading(text, "own.md", Attempts(begin=begun.append))
    assert begun == sorted(begun)
    lost = 0
    for number in begun[1:]:  # the first is to find out what stands in the file
        found = reading(text, "own.md", Attempts({number: "it takes too long"}))
        whats = [each.what for each in found.unread]
        assert "it takes too long" in whats
        lost += sum(isinstance(entry, NotRead) for entry in found.entries)
        assert len(found.entries) == 2
    assert lost > len(begun) / 2


# What fuzzing found, each in its smallest form: refused now, with a place.


GIVEN_OF_FOUND = """\
```given
size N, K >= 1
index o, w in Vocab = 1..N
index k in 1..K
list w_k in Vocab, k in 1..K
scalar z
"""
FOUND = {
    "a logarithm of a logarithm of ...": "```\n$$z = " + r"\ln " * 150 + "(z)$$",
    "a word that is none beside \\notin": "if o^{(2)} \\notin \\{w_1, ..., w_K\\}\n```\n$$z = z$$",
    "a product beside \\notin": "if oY \\notin \\{w_1, ..., w_K\\}\n```\n$$z = z$$",
    "a sum over nothing": "```\n$$z = \\sum_{}^K z$$",
    "exponentials of exponentials of ... a number": "```\n$$\\frac{1}{"
    + r"\exp(" * 6
    + "2"
    + ")" * 6
    + "} z = z$$",
    "a power of e of a power of e of ... a number": "```\n$$z = "
    + "e^{" * 6
    + "-2"
    + "}" * 6
    + "$$",
    "brackets that close before they open": "scalar a) + (b\n```\n$$z = z$$",
}


@pytest.mark.parametrize("name", FOUND)
def test_what_broke_the_reader_is_refused(name: str) -> None:
    with pytest.raises(UnreadableFile, match=r"^own.md:\d+:\d+: "):
        derivation(GIVEN_OF_FOUND + FOUND[name], "own.md")


def test_exponentials_of_exponentials_of_a_symbol_are_read() -> None:
    text = GIVEN_OF_FOUND + "```\n$$\\exp(\\exp(\\exp(\\exp(z)))) = e^{e^{e^{e^z}}}$$"
    assert len(derivation(text, "own.md").lines) == 1


def test_a_few_logarithms_within_one_another_are_read() -> None:
    text = GIVEN_OF_FOUND + "```\n$$\\log \\log \\log (z) = \\log(\\log(\\log(z)))$$"
    assert len(derivation(text, "own.md").lines) == 1


# What the text says that undeclared names are, beside the displays, is taken for it.


@pytest.mark.parametrize(
    ("prose", "displays", "wanted"),
    [
        ("Let $L = a^2$.\n", [r"\frac{dL}{da} = 2 a", r"\frac{dL}{da} = a"], ["proved", "refuted"]),
        (
            "Let $L = M^2$ where $M = a b$.\n",
            [r"\frac{dL}{da} = 2 a b^2", r"\frac{dL}{da} = 2 a b"],
            ["proved", "refuted"],
        ),
        ("The loss is $L = a^2$.\n", ["L = a a", "L = a"], ["proved", "undecided"]),
        (
            "Define $z_i = a x_i$ and $r = z^T z$.\n",
            ["r = a^2 x^T x", "2 r = a x^T x"],
            ["proved", "refuted"],
        ),
        ("With $f(t) = t^3$ we have\n", ["f'(a) = 3 a^2", "f'(a) = a^2"], ["proved", "refuted"]),
    ],
)
def test_what_follows_a_definition_in_prose_is_judged_by_it(
    prose: str, displays: list[str], wanted: list[str]
) -> None:
    assert verdicts(*displays, prose=prose) == wanted


@pytest.mark.parametrize(
    "prose",
    [
        "If $a = 1$, then $L = a^2$.\n",
        "We want to show that $L = a^2$.\n",
        "Let $L = a^2$. Later, let $L = a^3$.\n",
        "Let $L = a^2$. Suppose instead that $L = a^3$.\n",
        "Let $L = a^2$. If $b = 1$, then $L = a^3$.\n",
        "Let $L = a$.\n",
        "Let $L = 2$.\n",
        "Let $L = a^2 + q$.\n",
        "Here $L = a_1, \\dots, a_n$.\n",
    ],
)
def test_what_could_be_anything_else_is_not_taken(prose: str) -> None:
    assert verdicts("L = a a", "L = a", prose=prose).count("not read") == 2


def test_a_display_that_says_otherwise_leaves_both_open() -> None:
    lines = ("L = a^3", r"\frac{dL}{da} = 2 a", r"\frac{dL}{da} = 3 a^2")
    assert set(verdicts(*lines, prose="Let $L = a^2$.\n")) == {"undecided"}


def test_text_behind_a_display_says_what_its_names_are() -> None:
    assert verdicts("L + b = a^2 + b\n$$\nwhere $L = a^2$.\n$$ a = a") == ["proved", "proved"]
    assert verdicts("L + b = a^2\n$$\nwhere $L = a^2$.\n$$ a = a") == ["refuted", "proved"]


def test_a_family_and_its_sum_have_one_letter() -> None:
    family = ["L_i = a x_i^2", r"L = \sum_i L_i"]
    right = [r"\frac{\partial L}{\partial x} = 2 a x", "L = a x^T x"]
    wrong = [r"\frac{\partial L}{\partial x} = a x", "2 L = a"]
    assert verdicts(*family, *right) == ["defined", "defined", "proved", "proved"]
    assert verdicts(*family, *wrong) == ["defined", "defined", "refuted", "refuted"]


def test_a_sum_that_nothing_defines_is_not_the_vector_of_its_terms() -> None:
    lines = ("L_i = a x_i^2", r"\frac{\partial L}{\partial x_i} = 2 a x_i", r"2 L = a")
    assert verdicts(*lines) == ["defined", "undecided", "undecided"]
    assert verdicts("z_i = a x_i", "z^T z = a^2 x^T x", "z^T z = a x^T x")[1:] == [
        "proved",
        "refuted",
    ]


def test_members_may_have_the_letter_of_a_number() -> None:
    lines = ("b_i = b x_i", r"\sum_i b_i = b \sum_i x_i", r"\sum_i b_i = b")
    assert verdicts(*lines) == ["defined", "proved", "refuted"]


def test_what_stands_behind_in_a_display_says_what_its_names_are() -> None:
    row = [r"a^2 x^T x = a S, \quad S = a x^T x", "2 S = 2 a x^T x", "2 S = a x^T x"]
    assert verdicts(*row) == ["proved", "defined", "proved", "refuted"]
    assert verdicts(r"a x^T x = a S, \quad S = a x^T x")[0] == "refuted"


def test_what_stands_in_a_row_below_may_follow_from_those_above() -> None:
    rows = [r"r + 1 = a \\ r = a - 1", "2 r + 2 = 2 a", "2 r = a"]
    assert verdicts(*rows) == ["proved", "defined", "proved", "undecided"]
    assert verdicts(r"r + 1 = a \\ r = a - 2")[0] == "undecided"
