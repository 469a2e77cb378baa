"""One bad line costs one line, and what is said of it names place and remedy."""

from __future__ import annotations

import pytest

from derivations.claim import Verdict
from derivations.proof.judge import judge
from derivations.reader import chain
from derivations.reader.derivation import UnreadableFile, derivation, reading
from derivations.reader.equation import Side, elaborated
from derivations.reader.line import Derivation, Line, NotRead
from derivations.reader.scope import Scope
from derivations.reader.source import Attempts, GivenUp
from derivations.reader.syntax import Node, written
from tests.reader.test_introduced import verdicts

# One bad line costs one line: what stands beside it is read as if it were not there.


GIVEN = """\
```given
size n >= 1
index i, j in 1..n
scalar a, b, c
vector x in R^n
```

"""


def read(displays: str, given: str = GIVEN) -> Derivation:
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


DECLARATIONS = {
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


@pytest.mark.parametrize("declaration", DECLARATIONS)
def test_a_bad_declaration_spoils_what_uses_it_and_nothing_else(declaration: str) -> None:
    use, name = DECLARATIONS[declaration]
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
    def planted(node: Node, scope: Scope, chain: tuple[Node, ...]) -> Side:
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
    monkeypatch.setattr(chain, "elaborated", broken_at("bc", fault))
    found = read("$$a = a$$\n\n$$b c = c b = b c = c b$$\n\n$$b + c = c + b$$\n")
    kinds = [type(entry) for entry in found.entries]
    assert kinds == [Line, NotRead, NotRead, NotRead, Line]
    problem = found.unread[0]
    assert said in problem.what
    assert isinstance(problem.__cause__, GivenUp)


def test_a_piece_of_reading_can_be_given_up_beforehand() -> None:
    begun: list[int] = []
    text = GIVEN + "$$a = a$$\n\n$$b = b$$\n"
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
def test_what_follows_is_judged_by_it(prose: str, displays: list[str], wanted: list[str]) -> None:
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
