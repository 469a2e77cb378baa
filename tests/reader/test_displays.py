"""Displays, chains and conditions in the many ways they are laid out."""

import pytest

from derivations.proof.judge import judge
from derivations.reader.derivation import reading
from tests.reader.meaning import lines, problems

ONE_LINE = (
    "$$z = s$$",
    "$$ z = s, $$",
    "$$z = s.$$",
    "$$z = s;$$",
    "$$\\displaystyle z = s$$",
    "$$\nz = s\n$$",
    "$$\nz\n= s\n$$",
    "$$z$$\n\n$$= s$$",
    "$$\\begin{equation} z = s \\end{equation}$$",
    "$$\\begin{equation*} z = s \\end{equation*}$$",
    "$$\\begin{aligned} z &= s \\end{aligned}$$",
    "$$\\begin{align*}\nz &= s \\label{eq} \\\\\n\\end{align*}$$",
    "$$\\begin{gather} z = s \\nonumber \\end{gather}$$",
    "$$(1) \\quad z = s$$",
    "$$(i) \\qquad z = s$$",
    "$$z = s \\tag{4}$$",
    "$$z = s \\quad \\text{as claimed}$$",
    "text before $$z = s$$ text behind",
    "$$z \\equiv s$$",
    "$$z = s % a comment\n$$",
    "\\[ z = s \\]",
    "\\[\nz\n= s\n\\]",
    "text before \\[ z = s \\] text behind",
    "\\begin{align}\nz &= s\n\\end{align}",
    "\\begin{equation*}\nz = s\n\\end{equation*}",
    "\\begin{alignat}{2}\nz &= s\n\\end{alignat}",
    "```math\nz = s\n```",
    "~~~ {math}\nz = s\n~~~",
    "- in a list\n\n  $$\n  z = s\n  $$",
    "1. in a list\n   \\[ z = s \\]\n2. and on",
    "> quoted\n> $$\n> z\n> = s\n> $$",
    "$$\nz\n\n= s\n$$",
    "<div>\n$$z = s$$\n</div>",
    "    indented = code\n\n$$z = s$$",
)


@pytest.mark.parametrize("display", ONE_LINE)
def test_a_display_prints_one_equality(display: str) -> None:
    (line,) = lines(display)
    assert (str(line.claim.sides.left), str(line.claim.sides.right)) == ("z", "s")


THREE_LINES = (
    "$$z = s = a = b$$",
    "$$z = s$$\n$$= a$$\n\nWhy:\n\n$$= b$$",
    "$$\\begin{split} z &= s \\\\ &= a \\\\ &= b \\end{split}$$",
    "$$\\begin{align*}\nz &= s, \\\\\n  &= a, \\\\\n  &= b.\n\\end{align*}$$",
    "$$z = s \\\\ = a \\\\ = b$$",
    "$$z = s \\\\[4pt] = a \\\\ = b$$",
)


@pytest.mark.parametrize("display", THREE_LINES)
def test_a_chain_is_as_many_equalities_as_it_has_signs(display: str) -> None:
    found = [(str(x.claim.sides.left), str(x.claim.sides.right)) for x in lines(display)]
    assert found == [("z", "s"), ("s", "a"), ("a", "b")]


CONDITIONS = (
    r"$$y_w = 0 \quad (w \ne o)$$",
    r"$$y_w = 0 \qquad (w \neq o).$$",
    r"$$y_w = 0 \; (w ≠ o)$$",
    r"$$y_w = 0 \text{ if } w \ne o$$",
    r"$$y_w = 0 \quad \text{if } w \ne o$$",
    r"$$y_w = 0, \quad \text{if } w \ne o.$$",
    r"$$y_w = 0 \text{ for } w \ne o$$",
    r"$$y_w = 0 \quad \text{for all } w \ne o$$",
    r"$$y_w = 0 \quad \text{where } w \ne o,$$",
    r"$$y_w = 0 \quad \mbox{when } w \ne o$$",
    "$$y_w = 0$$\n\n- if $w \\ne o$",
    "$$y_w = 0$$\n\n* if $w \\neq o$.",
    r"$$y_w \quad (w \ne o) = 0$$",
)


@pytest.mark.parametrize("display", CONDITIONS)
def test_a_condition_is_read_wherever_it_stands(display: str) -> None:
    (line,) = lines(display)
    assert [str(each) for each in line.claim.conditions] == ["w ≠ o"]
    assert str(line.claim.sides.right) == "0"


def test_a_row_that_goes_on_is_one_side() -> None:
    (line,) = lines("$$\\begin{aligned} z &= s \\\\ &\\quad + a \\end{aligned}$$")
    assert str(line.claim.sides.right) == "a + s"


SEVERAL = (
    "$$z = s \\\\ s = a$$",
    "$$\\begin{align} z &= s \\\\ s &= a \\end{align}$$",
    "$$\\begin{align} z &= s & s &= a \\end{align}$$",
    "$$\\begin{array}{rcl} z & = & s \\\\ s & = & a \\end{array}$$",
    "$$\\begin{array}{l} {z} = {s} \\\\ {s = a} \\end{array}$$",
    "$$\\left\\{ \\begin{array}{l} z = s \\\\ s = a \\end{array} \\right.$$",
    "$$\\begin{cases} z = s \\\\ s = a \\end{cases}$$",
    "$$z = s, s = a$$",
    "$$z = s; s = a$$",
    "$$z = s \\quad s = a$$",
    "$$z = s, \\qquad s = a.$$",
    "$$z = s \\hspace{1cm} s = a$$",
    "$$z = s \\newline s = a$$",
    "$$z = s \\quad \\text{and} \\quad s = a$$",
    "$$z = s, \\text{ and } s = a$$",
    "$$\\because z = s \\\\ \\therefore s = a$$",
    "$$z = s \\therefore s = a$$",
    "$$\\boxed{z = s}, \\quad \\boxed{s = a}$$",
    "$$z = s, \\quad \\text{so we get} \\quad s = a$$",
    "$$z = s \\intertext{and by symmetry} s = a$$",
)


@pytest.mark.parametrize("display", SEVERAL)
def test_each_equality_of_a_display_is_a_chain_of_its_own(display: str) -> None:
    found = lines(display)
    sides = [(str(x.claim.sides.left), str(x.claim.sides.right)) for x in found]
    assert sides == [("z", "s"), ("s", "a")]
    assert [line.from_start for line in found] == [None, None]
    assert [line.ends_chain for line in found] == [True, True]


def test_a_display_that_begins_with_a_sign_goes_on_with_the_last_equality_before() -> None:
    *_, last = lines("$$z = s \\\\ a = b$$\n$$= s$$")
    assert last.from_start is not None
    assert (last.left, last.right) == ("b", "s")
    assert str(last.from_start.sides.left) == "a"


IMPLICATIONS = ("Rightarrow", "implies", "iff", "Longleftrightarrow", "leftrightarrow")


@pytest.mark.parametrize("sign", [*(f"\\{each} " for each in IMPLICATIONS), "=>", "⟹"])
def test_an_implication_is_not_judged_but_each_equality_is(sign: str) -> None:
    first, second = lines(f"$$z + z = 2 z {sign} z = 2 z$$")
    assert judge(first.claim).verdict.value == "proved"
    assert any("implication" in note for note in second.notes)
    # z = 2 z may follow from something: it is not called wrong
    assert second.doubt is not None or judge(second.claim).verdict.value == "undecided"


def test_what_follows_from_a_condition_is_claimed_under_it() -> None:
    (line,) = lines(r"$$w = o \Rightarrow y_w = 1$$")
    assert [str(each) for each in line.claim.conditions] == ["w = o"]
    assert line.doubt is None
    assert judge(line.claim).verdict.value == "proved"
    (two,) = lines(r"$$w = o, k \ne i \Rightarrow y_w = 1$$")
    assert [str(each) for each in two.claim.conditions] == ["w = o", "k ≠ i"]
    (false,) = lines(r"$$w = o \Rightarrow y_w = 0$$")
    assert judge(false.claim).verdict.value == "refuted"


DECORATED = (
    r"$$\boxed{z = s}$$",
    r"$$\boxed{z} = s$$",
    r"$$z = \boxed{s}$$",
    r"$$z = \boxed{= s}$$",
    r"$$z = \underbrace{s}_{\text{a number}}$$",
    r"$$\overbrace{z}^{a = b} = s$$",
    r"$$z = \cancel{s}$$",
    r"$$z = \color{red} s$$",
    r"$$z = \textcolor{red}{s}$$",
    r"$$z = s \phantom{= a}$$",
    r"$$z = s \qquad (8)$$",
    r"$$z = s \quad (*)$$",
    r"$$z = s \tag{3.1} \label{loss}$$",
    r"$$z = s \quad \blacksquare$$",
    r"$$z = s \; \square$$",
    r"$$\therefore z = s$$",
    r"$$z \overset{(1)}{=} s$$",
    r"$$z \stackrel{def}{=} s$$",
    r"$$z := s$$",
    r"$$z \triangleq s$$",
    r"$$z \equiv s$$",
    r"$$\begin{align} z &= s && \text{by definition} \end{align}$$",
    r"$$z = s \quad (\text{chain rule})$$",
    r"$$\begin{alignat}{2} z &= s \end{alignat}$$",
    r"$$z = \left. s \right.$$",
    r"$$z \in \mathbb{R} = s$$",
)[:-2]


@pytest.mark.parametrize("display", DECORATED)
def test_decoration_changes_nothing(display: str) -> None:
    (line,) = lines(display)
    assert (str(line.claim.sides.left), str(line.claim.sides.right)) == ("z", "s")


@pytest.mark.parametrize(
    ("display", "note"),
    [
        (r"$$z := s$$", ":= is read as an equality"),
        (r"$$z \triangleq s$$", ":= is read as an equality"),
        (r"$$z \overset{!}{=} s$$", "the '!' at the sign is not read"),
        (r"$$\underbrace{z}_{x = y} = s$$", r"the label 'x = y' of \underbrace is not read"),
        (r"$$z = s \quad (8)$$", "the number behind it is read as the formula's"),
        (r"$$z = s \in \mathbb{R}$$", r"what stands behind \in is not read: \mathbb{R}"),
        (r"$$z = \\ = s$$", "= = is read as one sign"),
    ],
)
def test_what_is_left_out_leaves_a_note(display: str, note: str) -> None:
    (line,) = lines(display)
    assert note in line.notes


FRAMES = (
    r"$$z = s \boxed{a + b}$$",
    r"$$z = \boxed{a + b} s$$",
    r"$$z = s - \underbrace{a + b}_{c}$$",
    r"$$z = \cancel{a + b} \cdot s$$",
    r"$$z = \boxed{a + b}^2$$",
)


@pytest.mark.parametrize("display", FRAMES)
def test_a_frame_around_a_sum_is_no_bracket(display: str) -> None:
    (problem,) = problems(f"```given\nscalar z, s, a, b, c\n```\n\n{display}\n")
    assert "does the frame hold a sum together" in problem.what


ELSEWHERE = (
    r"$$y_w = 0, \quad w \ne o$$",
    r"$$y_w = 0, w \ne o$$",
    r"$$\begin{align} y_w &= 0 & w &\ne o \end{align}$$",
    r"$$\text{if } w \ne o, \quad y_w = 0$$",
    r"$$\text{for } w \ne o: y_w = 0$$",
    r"$$y_w = 0 \text{ if $w \ne o$}$$",
    r"$$y_w = 0 \quad if \ w \ne o$$",
    r"$$w \ne o \Rightarrow y_w = 0$$",
    r"$$y_w = 0 \quad \forall w \ne o$$",
)


@pytest.mark.parametrize("display", [*ELSEWHERE[:7], ELSEWHERE[8]])
def test_a_condition_may_stand_without_brackets(display: str) -> None:
    (line,) = lines(display)
    assert [str(each) for each in line.claim.conditions] == ["w ≠ o"]
    assert judge(line.claim).verdict.value == "proved"


def test_an_equality_of_two_indices_behind_a_wide_space_is_a_condition() -> None:
    (line,) = lines(r"$$y_w = 1, \quad w = o$$")
    assert [str(each) for each in line.claim.conditions] == ["w = o"]
    (false,) = lines(r"$$y_w = 0, \quad w = o$$")
    assert judge(false.claim).verdict.value == "refuted"
    of_numbers = lines(r"$$z = s, \quad a = b$$")
    assert len(of_numbers) == 2


def test_a_condition_at_the_end_of_a_row_is_one_of_the_whole_row() -> None:
    found = lines(r"$$y_w = 2 y_w = 0 \quad (w \ne o)$$")
    assert [str(c) for line in found for c in line.claim.conditions] == ["w ≠ o"] * 2


def test_premises_behind_because_and_what_follows_are_not_called_wrong() -> None:
    found = lines("$$\\because z = s \\\\ \\therefore z^2 = s^2$$\n\n$$\\therefore z = s$$")
    assert [line.doubt is not None for line in found] == [True, True, False]
    assert all("premises" in line.doubt.what for line in found if line.doubt)


def test_a_condition_of_one_row_leaves_a_doubt_at_the_others() -> None:
    first, second = lines(r"$$y_w = 0 \quad (w \ne o) \\ = 2 y_w + 0$$")
    assert (first.doubt, second.doubt) == (None, None)
    before, behind = lines(r"$$y_w + 0 = 0 \\ = 2 y_w \quad (w \ne o)$$")
    assert before.doubt is not None  # false as it stands, and true under the condition
    assert behind.doubt is None


RANGES = (
    r"\quad \forall k",
    r", \forall k \in \{1, \dots, K\}",
    r", \quad \forall k \in [1, K]",
    r"\quad \text{for all } k = 1, \ldots, K",
    r", \quad for\ k = 1, 2, \ldots, K",
    r", \quad 1 \le k \le K",
    r"\quad (k = 1, \dots, K)",
    r"\quad \text{for each } k",
)[:6]


@pytest.mark.parametrize("words", RANGES)
def test_a_range_that_a_letter_was_declared_with_says_nothing(words: str) -> None:
    (line,) = lines(f"$$u_{{w_k}} = u_{{w_k}} {words}$$")
    assert line.claim.conditions == ()
    assert line.doubt is None


def test_another_range_leaves_a_doubt() -> None:
    (line,) = lines(r"$$k = 2 k, \quad \text{for } k = 1, \ldots, K - 1$$")
    assert line.doubt is not None
    assert "range" in line.doubt.what


WORDS = (
    (r"$$z = s \text{ otherwise}$$", "a condition in words"),
    (r"$$z = s \quad \text{if the sun shines}$$", "a condition in words"),
    (r"$$z = s \quad \text{or} \quad z = a$$", "one or the other is claimed"),
    (r"$$\text{Suppose } z = s, \text{ then } a = b$$", "an assumption"),
    (r"$$z = s, \quad \text{where } s = a + b$$", "is this assumed"),
)


@pytest.mark.parametrize(("display", "what"), WORDS)
def test_words_that_may_be_a_condition_leave_a_doubt(display: str, what: str) -> None:
    given = "```given\nscalar z, s, a, b\n```\n\n"
    entries = reading(f"{given}{display}\n", "a file").entries
    doubts = [entry.doubt.what for entry in entries if entry.doubt is not None]
    assert any(what in doubt for doubt in doubts)


@pytest.mark.parametrize(
    "display",
    [
        "$$z = s \\\\ a$$",
        "$$z = s \\\\ - s = a$$",
        "$$z = s \\quad a$$",
        "$$z = s & a$$",
        "$$z = s, a$$",
        "$$z, s = a$$",
        "$$z = (s \\\\ a)$$",
    ],
)
def test_what_could_be_a_second_equality_is_never_a_factor_or_prose(display: str) -> None:
    given = "```given\nscalar z, s, a, b\nsize N >= 1\nindex w, o in Vocab = 1..N\n"
    (problem,) = problems(f"{given}define y_w = 1_{{w = o}}\n```\n\n{display}\n")
    assert problem.advice


def test_rows_in_brackets_go_on_where_a_sign_says_so() -> None:
    for display in (
        r"$$z = \left( s \right. \\ \left. + a \right)$$",
        r"$$z = ( s \\ + a )$$",
        r"$$z = \begin{split} ( s + \\ a ) \end{split}$$",
    ):
        (line,) = lines(display)
        assert str(line.claim.sides.right) == "a + s"


def test_a_row_that_begins_with_minus_is_told_apart_by_its_column() -> None:
    going_on = lines("$$\\begin{align} z &= s \\\\ &- s = a \\end{align}$$")
    assert [line.right for line in going_on] == ["s \\\\ &- s", "a"]
    own = lines("$$\\begin{align} z &= s \\\\ - s &= a \\end{align}$$")
    assert [str(line.claim.sides.left) for line in own] == ["z", "-s"]
