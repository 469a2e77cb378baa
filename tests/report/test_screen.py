"""What the terminal shows, and how expressions, readings and statements are written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import termios
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st
from sympy import (
    Abs,
    Add,
    Basic,
    Derivative,
    Expr,
    Integer,
    KroneckerDelta,
    Matrix,
    Min,
    Mul,
    Piecewise,
    Pow,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
    nan,
    oo,
    zoo,
)

from derivations.claim import Claim, Evidence, Judgement, Proof, Unequal, Verdict, Witness
from derivations.indices import total
from derivations.language.index_form import entry_of
from derivations.language.tree import Array, Misfit, Term
from derivations.proof.judge import Disagreement
from derivations.reader.source import Attempts
from derivations.report.judging import AsRead, Judge
from derivations.report.results import Results
from derivations.report.statement import definitions, mathematics, ranges, readings, statement
from derivations.report.stdio import ERASE, progress
from derivations.report.style import fold
from derivations.report.subject import Subject, of_file
from derivations.report.workers import Limits
from derivations.verify import main
from derivations.word2vec.claims import CLAIMS
from derivations.word2vec.losses import (
    K,
    P,
    U,
    V,
    c,
    centers,
    draw,
    i,
    j,
    k,
    naive_softmax,
    near,
    negative_sampling_at,
    o,
    pair_loss,
    sigma,
    w,
    x,
    y,
    yhat,
    z,
)
from tests.documents import SLIPS

# A small subject and judges that know the answers: here it is the telling that is tested.


CLAIM = Claim("e.complement", "e", "(e)", "a claim", Array(1 - sigma(z)), Array(sigma(-z)))
OTHER = Claim(
    "c.other",
    "c",
    "(c)",
    "another claim",
    Array(Derivative(naive_softmax(c, o), V[c, i], evaluate=False)),
    Array(V[c, i]),
    (Unequal(x, o),),
)
SLIP = Claim("e.exp", "e", "(e)", "the exp forgotten", Array(exp(z)), Array(log(sigma(z))))
SHAPELESS = Claim(
    "b.transposed",
    "b",
    "(b)",
    "a product the wrong way round",
    Array(V[c, i], (i, None), "∂J/∂v_c"),
    Misfit("U (ŷ − y)", "(N, d)", "(N, 1)"),
)
SUBJECT = Subject((CLAIM, OTHER), (SLIP, SHAPELESS))

WITNESS = Witness(
    sizes={"N": 2, "d": 1},
    words={"c": 1, "near[-1]": 2, "near[1]": 1},
    values={"V[1,1]": "1/2", "V[2,1]": "-1", "z": "3"},
    left=("0.268", "0.269"),
    right=("0.731", "0.732"),
)
PROOFS = (
    Proof("normal form", True, "the difference is zero", 0),
    Proof("small sizes", True, "N up to 4", 34),
)
FAILED = (Proof("normal form", False, "the difference is not zero", 0),)


def everything() -> Subject:
    return SUBJECT


def knowing(claim: Claim, sizes: str = "default") -> Judgement:
    """Proves the claims, refutes the slip, finds no meaning in the shapeless one."""
    if claim.id == SLIP.id:
        return Judgement(claim, Verdict.REFUTED, FAILED, WITNESS, seconds=0.002)
    if claim.id == SHAPELESS.id:
        return Judgement(claim, Verdict.ILL_TYPED, reason="(N, d) does not fit (N, 1)")
    proofs = tuple(replace(proof, detail=f"{proof.detail}; {sizes} sizes") for proof in PROOFS)
    return Judgement(claim, Verdict.PROVED, proofs, seconds=0.001)


def gullible(claim: Claim, sizes: str) -> Judgement:
    """Proves everything."""
    return Judgement(claim, Verdict.PROVED, PROOFS)


def at_a_loss(claim: Claim, sizes: str) -> Judgement:
    """Decides nothing."""
    return Judgement(claim, Verdict.UNDECIDED, reason="Max is outside the fragment")


def at_odds(claim: Claim, sizes: str) -> Judgement:
    """Finds its own arguments in disagreement about one claim."""
    if claim.id == OTHER.id:
        raise Disagreement("normal form: zero; small sizes: not zero at N = 2")
    return knowing(claim, sizes)


def results(judge: Judge = knowing) -> Results:
    return Results(
        tuple(judge(claim, "default") for claim in SUBJECT.claims),
        tuple(judge(claim, "default") for claim in SUBJECT.slips),
        seconds=1.25,
    )


def every_claim_judged() -> Results:
    """The true claims of the real subject, as wide and as many as they are."""
    slips = [replace(claim, id=f"not.{claim.id}") for claim in CLAIMS]
    refuted = [Judgement(slip, Verdict.REFUTED, FAILED, WITNESS) for slip in slips]
    return Results(
        tuple(gullible(claim, "default") for claim in CLAIMS), tuple(refuted), seconds=1.0
    )


# The first screen shows what needs looking at: where, why, with numbers, and no more.


ROOT = Path(__file__).parents[2]
Tell = Callable[..., list[str]]
GIVEN = """\
```given
size n >= 1
index i in 1..n
vector w, x in R^n
scalar \\lambda
```
"""
RIGHT = "$$w^T w = \\sum_i w_i^2$$\n"
WRONG = "$$\\lambda w^T x = \\sum_i w_i x_i$$\n"


@pytest.fixture
def told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Tell:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)

    def tell(text: str, *options: str) -> list[str]:
        Path("own.md").write_text(GIVEN + text, encoding="utf-8")
        main(["own.md", "--repairs", "none", *options])
        return capsys.readouterr().out.splitlines()

    return tell


def test_a_file_that_is_right_is_one_line(told: Tell) -> None:
    (line,) = told(RIGHT)
    assert line.startswith("✓ own.md: 1 step · 1 proved · ")


def test_a_wrong_line_has_its_place_a_caret_the_difference_and_numbers(told: Tell) -> None:
    page = told(RIGHT + WRONG)
    assert page[0].startswith("✗ own.md: 2 steps · 1 proved · 1 to look at · ")
    assert page[1] == "start with line.2; everything before it is proved"
    assert page[3:8] == [
        "own.md:8:19  line.2  refuted",
        "    \\lambda w^T x = \\sum_i w_i x_i",
        "                  ^",
        "  the sides differ by (λ − 1) Σ_i w[i] x[i]",
        "  at n = 1; λ = 0; w = [1]; x = [1]: left 0, right 1",
    ]


def test_the_caret_stands_below_what_cannot_be_read(told: Tell) -> None:
    page = told("$$\\sum_i w_i + \\foo = 1$$\n")
    at = page.index("    \\sum_i w_i + \\foo = 1")
    assert page[at + 1] == "                 ^^^^"
    assert page[at - 1] == "own.md:7:16  line.1  not read"


def test_the_caret_stands_below_the_first_of_what_cannot_be_read(told: Tell) -> None:
    page = told("$$w^T x = q + q$$\n")
    assert page[page.index("    w^T x = q + q") + 1] == "            ^"


def test_the_caret_stands_below_what_has_no_meaning(told: Tell) -> None:
    page = told("$$1 + (w w^T) x = x + w x$$\n")
    caret = next(line for line in page if set(line) == {" ", "^"})
    below = page[page.index(caret) - 1]
    assert below[caret.index("^") :].startswith(("= x", "w x"))


def test_a_long_line_is_folded_and_keeps_its_caret(told: Tell) -> None:
    left = " + ".join(["\\sum_i w_i x_i"] * 8)
    page = told(f"$${left} = 7 \\sum_i w_i x_i$$\n")
    caret = next(line for line in page if line.strip() == "^")
    above = page[page.index(caret) - 1]
    assert above[caret.index("^")] == "="
    assert max(map(len, page[2:8])) <= 80


def test_all_lines_are_shown_on_demand(told: Tell) -> None:
    assert not any("w^T w" in line for line in told(RIGHT + WRONG))
    assert "✓ line.1  w^T w = \\sum_i w_i^2  proved" in told(RIGHT + WRONG, "-v")


def test_what_the_file_says_is_wrong_is_counted_and_not_shown(told: Tell) -> None:
    page = " ".join(told(WRONG + "- line.1 refuted, should be $\\sum_i \\lambda w_i x_i$\n"))
    assert "1 wrong, as the file says · 1 of 1 correction proved" in " ".join(page.split())
    assert "\\lambda" not in page


def on_a_terminal(name: str, folder: Path) -> str:
    """What a run writes to a terminal of 60 columns on standard error."""
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (24, 60))
    command = [sys.executable, "-m", "derivations.verify", name, "--repairs", "none"]
    kept = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
    environment = {**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "60"}
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=theirs, check=False
    )
    assert done.returncode == 0
    os.close(theirs)
    written = b""
    with suppress(OSError):  # nobody writes to it any more
        while piece := os.read(ours, 65536):
            written += piece
    os.close(ours)
    return written.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of POSIX")
def test_progress_moves_with_what_is_read_and_judged_and_is_erased(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(GIVEN + 3 * RIGHT, encoding="utf-8")
    shown = on_a_terminal(".", tmp_path).split(ERASE)
    assert "╌" * 30 + " 0/2 read" in shown
    assert "╌" * 30 + " 0/6" in [each.rstrip() for each in shown]
    assert shown[-1] == ""
    assert all(len(each) < 60 for each in shown)
    assert "\x1b" not in "".join(shown)


def test_progress_counts_in_the_order_in_which_work_is_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr("derivations.report.stdio.REFRESH_SECONDS", -1)
    monkeypatch.setenv("COLUMNS", "48")
    with progress(3, "judging") as on_judged:
        for name in ("line.2", "line.1", "a line of which the name is long"):
            on_judged(name)
    with progress(None, "reading own.md") as on_read:
        on_read("")
    shown = capsys.readouterr().err.split(ERASE)
    assert shown == [
        "",
        "╌" * 30 + " 0/3 judging",
        "━" * 10 + "╌" * 20 + " 1/3 judging line",
        "━" * 20 + "╌" * 10 + " 2/3 judging line",
        "━" * 30 + " 3/3 judging a li",
        "",
        "reading own.md",
        "reading own.md · 1",
        "",
    ]


def test_where_a_declaration_is_not_read_that_comes_first(told: Tell) -> None:
    page = told(f"```given\nvektor z\n```\n{WRONG}")
    assert page[1] == "start with own.md:8:1, which is not read"
    at = page.index("not read:")
    assert page[at + 1].startswith("  own.md:8:1: at 'vektor': no keyword of a declaration")
    assert page[-3:-1] != ["", ""]


# A run without a file is told in a dozen lines: part by part, errata, and what to type next.


def page(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    main(list(options), everything, knowing)
    return capsys.readouterr().out


def test_each_part_has_its_claims_and_its_false_claims(capsys: pytest.CaptureFixture[str]) -> None:
    told = page(capsys)
    rows = {line.split()[0]: " ".join(line.split()) for line in told.splitlines() if line.strip()}
    assert rows["e"] == "e 1 of 1 proved 1 of 1 fell"
    assert rows["c"] == "c 1 of 1 proved"
    assert "2 of 2 claims proved · 2 of 2 false claims fell" in told


def test_the_first_screen_says_what_to_type_next(capsys: pytest.CaptureFixture[str]) -> None:
    told = page(capsys)
    assert "python -m derivations.verify homework.md" in told
    assert len(told.splitlines()) < 20


def test_a_false_claim_that_does_not_fall_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], everything, gullible) == 1
    told = capsys.readouterr().out
    assert "0 of 1 fell" in told
    assert "e.exp is proved" in told


def test_the_whole_table_is_there_on_demand(capsys: pytest.CaptureFixture[str]) -> None:
    assert "e.complement" not in page(capsys)
    assert "e.complement" in page(capsys, "--all")


# A long line is broken where a reader would break it, and nothing is lost.


LINES = [line for claim in CLAIMS for line in readings(claim)]
LONGEST = max(len(word) for line in LINES for word in line.split())
NARROWEST = LONGEST * 3 // 2 + 1  # a third may be indentation


@given(st.sampled_from(LINES), st.integers(NARROWEST, 160))
def test_pieces_fit_the_width_and_hold_every_word(line: str, width: int) -> None:
    pieces = fold(line, width)
    assert all(len(piece) <= width for piece in pieces)
    assert " ".join(pieces).split() == line.split()


@given(st.text(alphabet="ab ()=−", min_size=1, max_size=60), st.integers(1, 20))
def test_any_text_fits_any_width(line: str, width: int) -> None:
    pieces = fold(line, width)
    assert all(len(piece) <= width for piece in pieces)
    assert "".join(pieces).replace(" ", "") == line.replace(" ", "")


def test_a_short_line_stays_whole() -> None:
    assert fold("a = b", 5) == ["a = b"]


def test_a_line_breaks_before_a_sign_outside_brackets() -> None:
    assert fold("f(x) = (a + b) c + d", 16) == ["f(x) = (a + b) c", "    + d"]
    assert fold("J_naive = (a + b) c + d", 16) == ["J_naive", "    = (a + b) c", "    + d"]


def test_a_sum_sign_is_not_parted_from_its_summand() -> None:
    broken = fold("∂J/∂V[c,i] = U[o,i] + Σ_w U[w,i] P(w|c)", 24)
    assert not any(piece.endswith(("Σ_w", "+", "=")) for piece in broken)


# Reads the notation of rational expressions back and evaluates it, to check the printer.


TOKEN = re.compile(r"\s*(Σ_\{[^}]*\}|\d+|[a-z]|[()\[\]|=≠+−/]|[⁰¹²³⁴-⁹]+)")
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
STARTS = re.compile(r"\d+|[a-z]|[(\[]|Σ.*")


class Reader:
    """Recursive descent; what it knows of precedence is stated here and nowhere else."""

    def __init__(self, text: str) -> None:
        self.tokens = [match[1] for match in TOKEN.finditer(text)]
        assert "".join(self.tokens).replace(" ", "") == text.replace(" ", "")
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.peek()
        assert not expected or token == expected, (token, expected)
        self.at += 1
        return token

    def value(self, names: dict[str, Fraction]) -> Fraction:
        """A few terms."""
        sign = -1 if self.peek() == "−" and self.take() else 1
        result = sign * self.term(names)
        while self.peek() in ("+", "−"):
            sign = -1 if self.take() == "−" else 1
            result += sign * self.term(names)
        return result

    def term(self, names: dict[str, Fraction]) -> Fraction:
        """Factors side by side, and at most one divisor."""
        result = self.factor(names)
        while STARTS.fullmatch(self.peek()):
            result *= self.factor(names)
        if self.peek() == "/":
            self.take()
            result /= self.power(names)
        return result

    def factor(self, names: dict[str, Fraction]) -> Fraction:
        """A sum reads on to the end of its term."""
        head = re.fullmatch(r"Σ_\{(\w)=(\d+)\.\.(\d+)((?:, \w≠[^,]+)*)\}", self.peek())
        if head is None:
            return self.power(names)
        self.take()
        left_out = [read_back(part.split("≠")[1], names) for part in head[4].split(",")[1:]]
        start, result = self.at, Fraction(0)
        for member in range(int(head[2]), int(head[3]) + 1):
            self.at = start
            value = self.term({**names, head[1]: Fraction(member)})
            result += 0 if member in left_out else value
        return result

    def power(self, names: dict[str, Fraction]) -> Fraction:
        base = self.atom(names)
        if self.peek() and self.peek()[0] in "⁰¹²³⁴⁵⁶⁷⁸⁹":
            return base ** int(self.take().translate(SUPERSCRIPTS))
        return base

    def atom(self, names: dict[str, Fraction]) -> Fraction:
        token = self.take()
        if token == "(":
            result = self.value(names)
            self.take(")")
            return result
        if token == "[":
            left, relation, right = self.value(names), self.take(), self.value(names)
            self.take("]")
            return Fraction((left == right) == (relation == "="))
        return Fraction(token) if token.isdecimal() else names[token]


def read_back(text: str, names: dict[str, Fraction]) -> Fraction:
    """The value of ``text``, all of it."""
    reader = Reader(text)
    result = reader.value(names)
    assert reader.at == len(reader.tokens), reader.tokens[reader.at :]
    return result


# Expressions become mathematics that reads as it was meant.


def D(function: Expr, by: Expr) -> Expr:
    return Derivative(function, by, evaluate=False)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (D(naive_softmax(c, o), V[c, i]), "∂J_naive/∂V[c,i]"),
        (total(U[w, i] * (yhat(c, w) - y(o, w)), w), "Σ_w U[w,i] (ŷ[w] − y[w])"),
        (total((1 - KroneckerDelta(j, 0)) * near[j], j), "Σ_{j≠0} near[j]"),
        (total(1 - KroneckerDelta(j, 0), j), "Σ_{j≠0} 1"),
        (-2 * total((1 - KroneckerDelta(w, o)) * P(w, c), w), "−2 Σ_{w≠o} P(w|c)"),
        (total((1 - KroneckerDelta(draw[k], x)) * z, k), "Σ_k [n[k] ≠ x] z"),
        (Sum(U[draw[k], i], (k, 1, K - 1)), "Σ_{k=1..K−1} U[n[k],i]"),
        (KroneckerDelta(w, o), "[w = o]"),
        (1 - KroneckerDelta(w, o), "[w ≠ o]"),
        (P(o, c) - 1, "P(o|c) − 1"),
        (1 - sigma(-z), "1 − σ(−z)"),
        (-log(P(o, c)), "−log P(o|c)"),
        (z * log(sigma(z)), "z log σ(z)"),
        (log(1 + exp(-z)), "log(1 + exp(−z))"),
        (exp(z) / (1 + exp(z)), "exp(z) / (1 + exp(z))"),
        (exp(-z) / (1 + exp(-z)) ** 2, "exp(−z) / (1 + exp(−z))²"),
        (z / 2, "z / 2"),
        (Rational(-3, 4), "−3/4"),
        (Piecewise((1, z >= 0), (exp(-Abs(z)), True)), "{1 if z ≥ 0; exp(−|z|) otherwise}"),
        (Min(z, 0), "min(z, 0)"),
        (D(pair_loss(c, near[j]), U[x, i]), "∂J(c, near[j])/∂U[x,i]"),
        (pair_loss(c, o).partial(V, (c, i)), "(∂J/∂V)(c, o, i)"),
    ],
)
def test_an_expression_is_written_as_a_reader_would(expression: Expr, text: str) -> None:
    assert mathematics(expression) == text


def test_an_argument_that_the_notation_leaves_out_is_shown_where_it_is_not_the_usual_one() -> None:
    assert mathematics(yhat(centers[1], x)) == "ŷ[x; c=centers[1]]"
    assert mathematics(naive_softmax(c, near[j])) == "J_naive(o=near[j])"
    assert mathematics(negative_sampling_at(c, near[j], j)) == "J_neg[j; o=near[j]]"


def test_a_node_without_a_notation_is_refused_with_advice() -> None:
    with pytest.raises(TypeError, match=r"has no notation; give it one in"):
        mathematics(Matrix([[1]]).as_immutable())


def test_claims_that_look_alike_are_alike() -> None:
    seen: dict[str, list[Expr]] = {}
    for claim in (*CLAIMS, *SLIPS):
        terms = [side for side in (claim.left, claim.right) if isinstance(side, Term)]
        entries = [entry_of(term)[0] for term in terms]
        assert seen.setdefault(readings(claim)[-1], entries) == entries
    assert len(seen) > (len(CLAIMS) + len(SLIPS)) // 2


NAMES = {name: Fraction(value) for name, value in zip("abkl", (3, -5, 2, 7), strict=True)}
SYMBOLS = {name: Symbol(name) for name in NAMES}
LEAVES = st.one_of(
    st.integers(-3, 3).map(Integer),
    st.sampled_from(list(SYMBOLS.values())),
    st.sampled_from([Rational(1, 2), Rational(-2, 3)]),
    st.sampled_from([KroneckerDelta(SYMBOLS["k"], 1), 1 - KroneckerDelta(SYMBOLS["k"], 2)]),
)


def _grown(parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    pairs = st.tuples(parts, parts)
    return st.one_of(
        pairs.map(lambda two: Add(*two)),
        pairs.map(lambda two: Mul(*two)),
        pairs.map(lambda two: Mul(two[0], Pow(two[1], -1))),
        st.tuples(parts, st.sampled_from([-2, -1, 2, 3])).map(lambda two: Pow(*two)),
        st.tuples(parts, st.sampled_from("kl")).map(
            lambda two: Sum(two[0], (SYMBOLS[two[1]], 1, 3))
        ),
    )


def _value(node: Basic, names: dict[str, Fraction]) -> Fraction:
    """What the expression is worth, straight from its tree."""
    if isinstance(node, Sum):
        *inner, (index, lower, upper) = node.limits
        rest = Sum(node.function, *inner) if inner else node.function
        members = range(int(lower), int(upper) + 1)
        values = [_value(rest, {**names, index.name: Fraction(n)}) for n in members]
        return sum(values, Fraction(0))
    if isinstance(node, Symbol):
        return names[node.name]
    if isinstance(node, Rational):
        return Fraction(int(node.p), int(node.q))
    parts = [_value(part, names) for part in node.args]
    if isinstance(node, KroneckerDelta):
        return Fraction(parts[0] == parts[1])
    if isinstance(node, Pow):
        return parts[0] ** int(parts[1])
    result = parts[0]
    for part in parts[1:]:
        result = result + part if isinstance(node, Add) else result * part
    return result


@settings(max_examples=400, deadline=None)
@given(st.recursive(LEAVES, _grown, max_leaves=7))
def test_the_text_read_back_has_the_value_of_the_expression(expression: Expr) -> None:
    assume(not expression.has(nan, oo, zoo))
    try:
        value = _value(expression, NAMES)
    except ZeroDivisionError:
        reject()
    assert read_back(mathematics(expression), NAMES) == value


# Of many files the first ones are judged before the last ones are read, and each once.


TEXT = "```given\nscalar a, b\n```\n\n$$a + b = b + a$$\n\n$$a + b = a b$$\n"


def judging(attempts: Attempts, *names: str) -> AsRead:
    return AsRead(None, "default", Limits(), attempts, frozenset(names), len(names))


def test_what_is_enough_is_judged_before_the_next_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("derivations.report.judging.ENOUGH", 4)
    told: list[str] = []

    def tell(name: str, found: Evidence) -> None:
        told.append(name.rpartition("/")[2])

    attempts = Attempts(telling=tell)
    files = [str(tmp_path / f"{name}.md") for name in "abc"]
    work = judging(attempts, *files)
    counts = []
    for file in files:
        Path(file).write_text(TEXT)
        work.add(file, of_file(file, attempts))
        counts.append(len(told))
    assert counts == [0, 4, 4]
    work.finish()
    assert told[-2:] == ["c.md: line.1", "c.md: line.2"]
    for file in files:
        verdicts = [each.verdict for each in work.judgements[file]]
        assert verdicts == [Verdict.PROVED, Verdict.REFUTED]
        assert [each.claim.id for each in work.judgements[file]] == ["line.1", "line.2"]
    again = judging(Attempts(known=dict(attempts.known), telling=tell), *files)
    for file in files:
        again.add(file, of_file(file))
    again.finish()
    assert len(told) == 6
    assert list(again.judgements) == files


def test_a_file_that_another_may_take_in_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("derivations.report.judging.ENOUGH", 1)
    file = tmp_path / "part.tex"
    file.write_text("% given\n% scalar a\n\n\\[a = a\\]\n")
    work = judging(Attempts(), str(file))
    work.add(str(file), of_file(str(file)))
    assert not work.judgements
    work.finish()
    assert str(file) in work.judgements


# A claim is stated with its conditions, and where it does not fit together it says so.


BY_ID = {claim.id: claim for claim in CLAIMS}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.cross-entropy", "H(y, ŷ) = −log ŷ[o]"),
        ("b.entry", "∂J_naive/∂V[c,i] = Σ_w U[w,i] (ŷ[w] − y[w])"),
        ("c.other", "∂J_naive/∂U[x,i] = V[c,i] P(x|c)  (x ≠ o)"),
        ("e.complement", "1 − σ(z) = σ(−z)"),
        (
            "f.sample",
            "∂J_neg/∂U[n[k],i] = V[c,i] (1 − σ(−z[n[k]]))  (n distinct; o not among n)",
        ),
        (
            "g.row",
            "∂J_neg/∂U[x,i] = V[c,i] (−[x = o] (1 − σ(z[o])) + Σ_k [n[k] = x] (1 − σ(−z[n[k]])))",
        ),
        ("h.U", "∂J_window/∂U[x,i] = Σ_{j≠0} ∂J(c, near[j])/∂U[x,i]"),
    ],
)
def test_a_claim_is_stated_entry_by_entry(name: str, text: str) -> None:
    assert statement(BY_ID[name]) == text


def test_a_line_of_matrix_algebra_is_stated_both_ways() -> None:
    assert readings(BY_ID["b.rows"]) == [
        "∂J/∂v_c = Uᵀ (ŷ − y)",
        "∂J_naive/∂V[c,i] = Σ_w U[w,i] (ŷ[w] − y[w])",
    ]


def test_a_misfit_is_stated_with_both_shapes() -> None:
    assert statement(SHAPELESS) == "∂J/∂v_c = U (ŷ − y), where (N, d) does not fit (N, 1)"


def test_sides_of_different_shapes_are_stated_with_their_shapes() -> None:
    column, row = Array(V[c, i], (i, None), "v_c"), Array(V[c, i], (None, i))
    claim = Claim("id", "b", "(b)", "title", column, row)
    assert statement(claim) == "v_c = V[c,i], which equates (d, 1) and (1, d)"


def test_every_named_function_of_a_statement_is_defined_down_to_the_parameters() -> None:
    assert definitions(OTHER) == [
        "J_naive = −log P(o|c)",
        "P(o|c) = exp(z[o]) / (Σ_w exp(z[w]))",
        "z[w] = Σ_h U[w,h] V[c,h]",
    ]


def test_free_indices_are_listed_with_their_ranges_also_those_differentiated_by() -> None:
    assert ranges(BY_ID["c.other"]) == ["c, o, x in 1..N (word)", "i in 1..d (coordinate)"]


def test_an_index_that_a_sum_binds_is_not_free_though_it_is_differentiated_by() -> None:
    assert ranges(BY_ID["d.row-sum"]) == ["c, o in 1..N (word)", "i in 1..d (coordinate)"]
