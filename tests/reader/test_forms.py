"""Forms, spellings, small lines and refusals are judged, told and printed back as is right."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import cycle, islice
from pathlib import Path

import pytest

from derivations import verify
from derivations.language.traversal import parts, same
from derivations.language.tree import Call, IllTyped, Misfit, Term
from derivations.language.unfit import literal
from derivations.proof.judge import judge
from derivations.reader.declare import declared
from derivations.reader.derivation import UnreadableFile, derivation, reading
from derivations.reader.display import Statement
from derivations.reader.elaborate.juxtaposition import RULES
from derivations.reader.environment import (
    Beginning,
    Environment,
    IllFormed,
    Scope,
    Trigger,
    calligraphic_names,
    resolve,
)
from derivations.reader.equation import Equality, Line, NotRead
from derivations.reader.source import Attempts, Chain, Source, Unreadable
from derivations.reader.syntax import formula
from derivations.reader.unparser import latex
from derivations.report.workers import Answer, Limits, Run
from tests.planting import Mutant, mistakes
from tests.reader.alpha_equivalence import (
    SAME,
    lines,
    meaning,
    problems,
    refusal,
    refusals,
    written_lines,
)

# Declarations, remarks and displays that are refused: where, at what, and why.
#
# A declaration stands from the seventh line on, under the declarations of the tests; what is
# displayed from the tenth.


DECLARATIONS = refusals("declarations")
DISPLAYS = [
    *refusals("displays and remarks"),
    ["$$z = \x00$$", "10:7", "\x00", "an unknown character"],
]


# Whole files with one fault each: the exit code, where it is said to be, and what would settle it.
#
# A file is the declarations below and what is given here, from the eleventh line on.


HEAD = r"""```given
size n >= 1
size N, d >= 1
index i, j, k in 1..n
index w, o, c in Vocab = 1..N
vector x, z in R^n
matrix A in R^{n x n}
scalar a, b, s
define y_w = \mathbb{1}_{w = o}
```
"""
WRONG = refusals("files")  # text: exit code, place, remedy


# Ways to write names, functions, derivatives, sums and matrix algebra have the right verdicts.
#
# `forms.md` has a false line beside the true ones in each notation. A line that may be meant
# otherwise is doubtful: it can be proved, not refuted. One that is taken as a definition is
# defined.


FILE = Path(__file__).with_name("forms.md")
_CASE = re.compile(r"^### (?P<name>.*?): (?P<verdicts>.*)$", re.MULTILINE)


def cases(file: Path = FILE) -> list[tuple[str, list[str], str]]:
    """Name, verdicts and text of each group of lines; ``...`` goes on by turns."""
    _, *pieces = _CASE.split(file.read_text(encoding="utf-8"))
    groups = zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True)
    return [(name, verdicts.split(", "), text) for name, verdicts, text in groups]


def verdict(entry: Line | NotRead) -> str:
    """What is said of one line."""
    if isinstance(entry, NotRead):
        assert entry.problem.advice, entry.problem
        return "not read"
    if entry.defines:
        return "defined"
    found = judge(entry.claim).verdict.value
    return "doubtful" if found == "refuted" and entry.doubt else found


@pytest.mark.parametrize(
    ("wanted", "text"), [case[1:] for case in cases()], ids=[case[0] for case in cases()]
)
def test_every_form_is_judged_as_it_is_meant_and_has_a_false_twin(
    wanted: list[str], text: str
) -> None:
    assert {"refuted", "ill-typed", "doubtful"} & set(wanted)
    read = reading(text, "forms.md")
    assert not read.problems
    if wanted[-1] == "...":
        wanted = list(islice(cycle(wanted[:-1]), len(read.entries)))
    assert {entry.latex: verdict(entry) for entry in read.entries} == dict(
        zip((entry.latex for entry in read.entries), wanted, strict=True)
    )


# Small lines that other people write have the verdicts that are right (`small_lines.md`).


FILE_OF_SMALL_LINES = Path(__file__).with_name("small_lines.md")


def cases_of_small_lines() -> list[tuple[str, list[str], str]]:
    """Name, verdicts and text of each small file."""
    return cases(FILE_OF_SMALL_LINES)


def verdicts(text: str) -> list[str]:
    """The verdict on each equality of a file, read or not."""
    entries = reading(text, "small.md").entries
    return [
        judge(entry.claim).verdict.value if isinstance(entry, Line) else "not read"
        for entry in entries
    ]


@pytest.mark.parametrize(
    ("wanted", "text"),
    [case[1:] for case in cases_of_small_lines()],
    ids=[case[0] for case in cases_of_small_lines()],
)
def test_a_small_line_has_the_verdict_that_is_right(wanted: list[str], text: str) -> None:
    assert verdicts(text) == wanted


def test_there_are_small_lines_of_every_kind() -> None:
    found = {verdict for _, wanted, _ in cases_of_small_lines() for verdict in wanted}
    assert found == {"proved", "refuted", "undecided", "not read"}
    assert len(cases_of_small_lines()) > 40


def test_a_sum_that_may_reach_over_two_terms_is_refused_where_it_is_defined() -> None:
    given = (
        "```given\nsize n >= 1\nindex i in 1..n\nvector y, p in R^n\nscalar a\n"
        "define L = -\\sum_i y_i \\log p_i + (1 - y_i) \\log(1 - p_i)\n```\n"
    )
    read = reading(f"{given}$$L = 0$$\n$$a = a$$\n", "small.md")
    (problem,) = read.problems
    assert "does the sum over i reach over both terms?" in problem.what
    assert [isinstance(entry, Line) for entry in read.entries] == [False, True]


# One thing in the many ways it is written.


PAIRS = [(reference, other) for reference, others in SAME.items() for other in others]


@pytest.mark.parametrize(("reference", "other"), PAIRS)
def test_a_spelling_means_what_the_reference_means(reference: str, other: str) -> None:
    assert meaning(other) == meaning(reference)


def test_there_are_many_spellings() -> None:
    assert len({other for _, other in PAIRS}) >= 120


def test_references_differ() -> None:
    """All but the softmax and its name, which are one thing by definition."""
    meanings = {reference: meaning(reference) for reference in SAME}
    assert len(set(meanings.values())) == len(meanings) - 1


# What cannot be read is refused with its place, its token and what would settle it.


GIVEN = """size N, d >= 1
size K >= 0
index c, w in Vocab = 1..N
index k in 1..K
scalar z
"""


def said(text: str) -> list[str]:
    (problem,) = problems(text)
    return [str(problem.place), problem.token, problem.what]


@pytest.mark.parametrize("row", DECLARATIONS, ids=lambda row: row[0])
def test_a_declaration_is_refused_where_it_is_wrong(row: list[str]) -> None:
    declaration, *wanted = row
    text = f"```given\n{GIVEN}{declaration}\n```\n\n$$z = z$$\n"
    assert said(text) == wanted


@pytest.mark.parametrize("row", DISPLAYS, ids=lambda row: row[0])
def test_a_display_or_remark_is_refused_where_it_is_wrong(row: list[str]) -> None:
    display, *wanted = row
    assert said(f"```given\n{GIVEN}\n```\n\n{display}\n") == wanted


def test_every_keyword_is_refused_in_some_way() -> None:
    first = {declaration.split()[0] for declaration, *_ in DECLARATIONS}
    keywords = "size index scalar vector vectors matrix list read define arbitrary if"
    assert first >= set(keywords.split())


def test_what_is_refused_is_named_by_file_line_column_token_and_advice() -> None:
    with pytest.raises(UnreadableFile) as caught:
        derivation("```given\nscalar z\n```\n\n$$z = \\sgima(z)$$\n", "notes.md")
    assert str(caught.value) == (
        "notes.md:5:7: at '\\sgima': an unknown command; did you mean \\sigma?"
    )


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = problems(
        "```given\nscalar z\n```\n\n## (a) A\n\n$$z = q$$\n\n$$z = (z$$\n\n- a.1 refuted\n\n"
        "## (b) B\n\n```given\nscalars y\n```\n\n$$y = y$$\n\n## (c) C\n\n$$z = r$$\n"
    )
    assert [str(problem.place) for problem in found] == ["7:7", "9:8", "11:3", "16:1", "23:7"]


def test_a_good_line_beside_a_bad_one_is_not_reported() -> None:
    (problem,) = problems("```given\nscalar z\n```\n\n$$z = z$$\n\n$$z = q$$\n")
    assert problem.place.line == 7


@pytest.mark.parametrize(("latex", "advice"), refusals("formulas beyond the reader"))
def test_a_formula_beyond_the_reader_is_refused_with_advice(latex: str, advice: str) -> None:
    problem = refusal(latex)
    assert advice in f"{problem.what} {problem.advice}"
    assert problem.token
    assert problem.place.line == 1


@pytest.mark.parametrize("sign", ["<=", r"\le", "<", r"\ne", r"\approx", r"\in"])
def test_only_equalities_are_lines(sign: str) -> None:
    (problem,) = problems(f"```given\nscalar z, s\n```\n\n$$z {sign} s$$\n")
    assert "equalit" in f"{problem.what} {problem.advice}"


@pytest.mark.parametrize(
    "display",
    [
        r"$$U v_c = z$$",
        r"$$\log(v_c) = z$$",
        r"$$y_0 = z$$",
        r"$$v_c = v_c^T$$",
        r"$$v_c + 1 = z$$",
        r"$$z = \frac{z}{v_c}$$",
        r"$$z = \frac{z}{0}$$",
        r"$$z = w$$",
        r"$$\hat{y}_0 = z$$",
        r"$$\frac{\partial J}{\partial w} = z$$",
        r"$$\sum_{k=1}^K u_{0} = z$$",
    ],
)
def test_what_is_read_and_has_no_meaning_is_ill_typed(display: str) -> None:
    (line,) = lines(display)
    assert judge(line.claim).verdict.value == "ill-typed"


# A wrong file ends with its exit code, says where the fault is and what would settle it.


def in_this_process(run: Run, limits: Limits) -> Answer:
    """The run without a process of its own, for speed."""
    return run(Attempts())


def told(text: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Exit code and all that is printed of a file."""
    path = folder / "wrong.md"
    path.write_text(HEAD + text + "\n", encoding="utf-8")
    code = verify.main([str(path), "--repairs", "none", "--format", "json"])
    printed = capsys.readouterr()
    found = strings(json.loads(printed.out)) if printed.out else []
    return code, "\n".join([*found, printed.err])


def strings(value: object) -> list[str]:
    """All texts in what a page of JSON holds."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in strings(each)]
    if isinstance(value, list):
        return [text for each in value for text in strings(each)]
    return [str(value)]


@pytest.mark.parametrize(("text", "code", "place", "remedy"), WRONG)
def test_a_wrong_file_says_where_and_what_would_settle_it(
    text: str,
    code: str,
    place: str,
    remedy: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verify, "answer", in_this_process)
    found, page = told(text, tmp_path, capsys)
    assert found == int(code)
    assert place in page or place.replace(":", "\n") in page
    assert remedy in page
    assert "Traceback" not in page


def test_there_are_many_wrong_files_and_a_right_one_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(WRONG) >= 60
    code, page = told("$$a = a$$", tmp_path, capsys)
    assert code == 0
    assert "proved" in page


def test_a_file_is_told_the_same_in_a_process_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, page = told(r"$$\frac{a = b$$", tmp_path, capsys)
    assert (code, "11:8" in page) == (1, True)


GIVEN_OF_CONSTRUCTS = r"""```given
size n, d >= 1
index i, j in 1..n
index k in 1..d
vector x, y, z, m in R^n
vector w in R^d
scalar a, b, s, t
scalar v > 0
matrix A in R^{n x n}
matrix X in R^{n x d}
define f(t) = t^2
distribution r(i)
```
"""
# a line with each construct, by the name of its trigger
STANDING = {
    "a sum, or a product": r"$$\sum_i x_i y_i = x^T y$$",
    "an expectation": r"$$\mathbb{E}_{i \sim r}[x_i] = \sum_i r(i) x_i$$",
    "a variance, or a covariance": r"$$\operatorname{Var}_{i \sim r}[x_i] = 0$$",
    "a divergence, or an entropy": r"$$D_{KL}(r \| r) = 0$$",
    "a divergence in plain letters": r"$$KL(r \| r) = 0$$",
    "the sign of a derivative": r"$$\frac{\partial}{\partial x} x^T y = y$$",
    "a derivative at a point": r"$$\frac{df}{dt}(a) = 2 a$$",
    "an indicator": r"$$\sum_j \mathbb{1}_{i = j} x_j = x_i$$",
    "a diagonal matrix": r"$$\operatorname{diag}(x) y = x \odot y$$",
    "a Jacobian by name": r"$$J_x(A x) = A$$",
    "a differential": r"$$d(x^T y) = y^T dx$$",
    "a loss that nothing declares": r"$$\frac{\partial L}{\partial x} = x$$",
    "a function": r"$$f(a) = a^2$$",
    "an undeclared probability": r"$$p(y | x) p(x) = p(x, y)$$",
    "the name of an undeclared probability": r"$$\sum_u p(u | x) = 1$$",
    "a normal density": r"$$\mathcal{N}(a \mid b, v) = \mathcal{N}(b \mid a, v)$$",
    "a matrix in blocks": r"$$\begin{bmatrix} A & X \end{bmatrix} \begin{bmatrix} x \\ w"
    r" \end{bmatrix} = A x + X w$$",
    "an array by its entries": r"$$(x_i y_j)_{i,j} = x y^T$$",
    "a constant that nobody names": r"$$(a - s)^2 / 2 = a^2 / 2 - a s + \text{const}$$",
}
DRAWN = r"""```given
scalar x, m
scalar v > 0
draw x \sim \mathcal{N}(m, v^2)
```
$$\mathbb{E}[x^2] = m^2 + v^2$$
"""
STANDING_IN = {name: f"{GIVEN_OF_CONSTRUCTS}{line}\n" for name, line in STANDING.items()} | {
    "an expectation, a variance or a covariance by moments": DRAWN
}
RECURRENCE = r"""```given
size n >= 1
size T >= 2
index t in 1..T
vectors x_t in R^n
vector h_0 in R^n
```
$$g_t = \tanh(x_t + h_{t-1})$$
$$h_t = g_t$$
"""
# what lines, statements and chains are asked before others are looked at, with a text for each
ASKED: dict[tuple[type, str], str] = {
    (
        Line,
        "is_in_argument",
    ): f"{GIVEN_OF_CONSTRUCTS}Set the derivative to zero:\n$$2 (a - b) = 0$$\nSo\n$$a = b$$",
    (Chain, "has_step"): RECURRENCE,
    (Statement, "may_be_condition"): f"{GIVEN_OF_CONSTRUCTS}$$x_i = x_j, \\quad i = j$$",
}


def structure(term: Term) -> Iterator[str]:
    """The nodes of a term with their shapes, those of a definition under its name."""
    yield f"{type(term).__name__} {term.shape}"
    yield term.definition.name if isinstance(term, Call) else ""
    for part in parts(term):
        yield from structure(part)


def all_said(text: str) -> list[object]:
    """All that is told of the lines of a text: terms, notes, questions, problems."""
    found: list[object] = []
    read = reading(text, "text.md")
    for entry in read.entries:
        found += [entry.latex, entry.defines, entry.notes, str(entry.doubt)]
        if not isinstance(entry, Line):
            found.append(str(entry.problem))
            continue
        found += [entry.claim.conditions, entry.claim.determines, entry.claim.under is None]
        for side in (entry.claim.left, entry.claim.right):
            told = structure(side) if isinstance(side, Term) else (str(side),)
            found += told if not isinstance(side, Misfit) else (str(side),)
    return [*found, *map(str, read.problems)]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Trigger], bool | None]], None]:
    """Settles the answer of some triggers; None leaves one as it is."""
    before = Trigger.may_begin

    def settle(answer: Callable[[Trigger], bool | None]) -> None:
        def may_begin(self: Trigger, begins: Beginning) -> bool:
            settled = answer(self)
            return before(self, begins) if settled is None else settled

        monkeypatch.setattr(Trigger, "may_begin", may_begin)

    return settle


def test_every_rule_has_a_text_in_which_its_construct_stands() -> None:
    assert {trigger.name for trigger, _ in RULES} <= STANDING_IN.keys()


FORMS = [text for _, _, text in cases()]


@pytest.mark.parametrize(
    "texts", [[*STANDING_IN.values()], FORMS[::20]], ids=["constructs", "forms"]
)
def test_no_line_is_read_otherwise_where_every_rule_is_asked(
    texts: list[str], asked: Callable[[Callable[[Trigger], bool | None]], None]
) -> None:
    only_where_triggered = [all_said(text) for text in texts]
    asked(lambda trigger: True)
    assert [all_said(text) for text in texts] == only_where_triggered


@pytest.mark.parametrize("name", STANDING_IN)
def test_a_trigger_that_misses_its_construct_is_seen(
    name: str, asked: Callable[[Callable[[Trigger], bool | None]], None]
) -> None:
    before = all_said(STANDING_IN[name])
    asked(lambda trigger: False if trigger.name == name else None)
    assert all_said(STANDING_IN[name]) != before


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "name"), ASKED)
def test_a_line_is_looked_at_beside_others_only_where_that_says_something(
    kind: type, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [*ASKED.values(), *STANDING_IN.values(), *FORMS[::10]]
    before = list(map(all_said, texts))
    monkeypatch.setattr(kind, name, True)
    assert list(map(all_said, texts)) == before
    monkeypatch.setattr(kind, name, False)
    assert all_said(ASKED[kind, name]) != before[[*ASKED].index((kind, name))]


GIVEN_OF_SELDOM = r"""size N, d >= 1
size K, m >= 0
index c, o, w, x in Vocab = 1..N
index k, i in 1..K
index j in -m..m
index r, q in 1..d
scalar z, a
vectors u_w in R^d, columns of U
vectors v_w in R^d, rows of V
vector p in R^d
matrix A in R^{d x d}, invertible
matrices B_w in R^{d x d}
list w_k in Vocab, k in 1..K
list w_{t+j} in Vocab, j in -m..m
read k as w_k
define \sigma(s) = \frac{1}{1 + e^{-s}}
define P(O = o | C = c) = \frac{\exp(u_o^T v_c)}{\sum_w \exp(u_w^T v_c)}
define \hat{y}_w = P(O = w | C = c)
define M_{w,x} = u_w^T v_x
define S(s) = s p
define l = \sum_i \mathbb{1}_{w_i = w_k}
define J_{pair}(v_c, o, U) = -\log P(O = o | C = c)
arbitrary G(v_c, o, U)
arbitrary f(s)
"""
SCOPE = declared([Source(line).whole for line in GIVEN_OF_SELDOM.splitlines()], Scope())
MISTAKES = mistakes(Path(__file__).with_name("mutants.diff"))
GROUPS = {name: text for name, _, text in (*cases_of_small_lines(), *cases())}
# of these the forms printed are not all read again, as the page of forms says
NOT_READ_AGAIN = {
    line.removeprefix("- ")
    for line in FILE.read_text(encoding="utf-8").split("\n###")[0].splitlines()
    if line.startswith("- ")
}
EQUALITIES = {name: line.equality for name, line in written_lines().items()}
KINDS = """
    Apply ArbitraryCall Call Cases Choice Constant Derivative Determinant Entry Entrywise Extremum
    ExtremumOver Identity IndexedProduct IndexNumber Indicator InnerProduct Inverse Mapped
    MatrixProduct Negative Number Pi Plus Power Quotient Reference Row Rows Size Slice Sum Table
    Times Trace Transpose Zeros
"""


def read(text: str, scope: Scope) -> Term:
    known = calligraphic_names(scope)
    return resolve(formula(Source(text, known=known).whole), Environment(scope))


def lost(term: Term, scope: Scope, *, full: bool = False) -> str:
    """How a term differs from what its text is read as; empty if it is the same."""
    text = latex(term, scope, fully_parenthesised=full)
    try:
        found = read(text, scope)
    except (Unreadable, IllFormed, IllTyped) as error:
        return f"{text} is not read: {error}"
    return "" if same(found, term) else f"{text} is read otherwise"


def nodes(term: Term) -> set[str]:
    return {type(term).__name__}.union(*map(nodes, parts(term)))


def sides(equality: Equality) -> list[tuple[Term, Scope]]:
    both = (equality.left, equality.right)
    return [(literal(each), equality.scope) for each in both if not isinstance(each, Misfit)]


@cache
def terms(name: str) -> list[tuple[Term, Scope]]:
    """All sides of a group of forms, each in its scope."""
    lines = (each for each in reading(GROUPS[name], "forms.md").entries if isinstance(each, Line))
    return [side for line in lines for side in sides(line.equality)]


@pytest.mark.parametrize("name", GROUPS)
def test_every_form_comes_back_plain_and_fully_parenthesised(name: str) -> None:
    found = [lost(*term, full=full) for term in terms(name) for full in (False, True)]
    assert any(found) == (name in NOT_READ_AGAIN), [each for each in found if each]


@pytest.mark.parametrize("equality", EQUALITIES.values(), ids=EQUALITIES)
def test_a_side_of_the_written_derivation_comes_back(equality: Equality) -> None:
    assert not any(lost(*side, full=full) for side in sides(equality) for full in (False, True))


SELDOM = [
    r"\begin{pmatrix} p_1 & p_2 & \dots & p_d \end{pmatrix}",
    r"\begin{pmatrix} A_{1,1} \\ A_{2,1} \\ \dots \\ A_{d,1} \end{pmatrix}",
    r"\mathrm{softmax}(U^T p)",
    r"p p^T + I",
    r"B_w p",
    r"\begin{pmatrix} u_1 & u_2 & \dots & u_N \end{pmatrix}",
    r"f'(z a)",
    r"\frac{\partial}{\partial U} J_{pair}(v_c, o, U)",
    r"(\frac{\partial}{\partial U} J_{pair}(v_c, o, U))^T",
    r"M [G(v_c, o, U) \hat{y}]",
    r"2 \begin{cases} u_w & w = o \\ 0 & \text{otherwise} \end{cases}",
]


@pytest.mark.parametrize("text", SELDOM)
def test_what_is_seldom_written_comes_back(text: str) -> None:
    term = read(text, SCOPE)
    assert latex(term, SCOPE) == text
    assert not lost(term, SCOPE, full=True)


def test_what_comes_back_has_nodes_of_every_kind() -> None:
    known = (term for name in GROUPS if name not in NOT_READ_AGAIN for term, _ in terms(name))
    found = set().union(*map(nodes, (*known, *(read(text, SCOPE) for text in SELDOM))))
    assert set(KINDS.split()) <= found


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_planted_mistake_of_the_printer_is_seen(mistake: Mutant) -> None:
    seldom = [(read(text, SCOPE), SCOPE) for text in SELDOM]
    known = [*seldom, *(terms(mistake.seen_by) if mistake.seen_by else ())]
    with mistake.planted():
        assert any(lost(*each) for each in known)


def test_only_the_names_of_bound_letters_are_forgotten() -> None:
    one, other, another = (
        read(text, SCOPE) for text in (r"\sum_w u_w", r"\sum_x u_x", r"\sum_w u_o")
    )
    assert same(one, other)
    assert not same(one, another)
    assert not same(read(r"\sum_w M_{w,x}", SCOPE), read(r"\sum_x M_{w,x}", SCOPE))
