"""Claims from a file: labels, names and scopes."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sympy import Expr, Mul

from derivations.claim import Claim, Condition, Verdict
from derivations.language.tree import Term
from derivations.proof.judge import judge
from derivations.reader.derivation import UnreadableFile, derivation
from derivations.reader.equation import Line
from derivations.reader.unparser import both_sides
from derivations.word2vec import losses
from derivations.word2vec.claims import CLAIMS
from derivations.word2vec.losses import c, o, w, z
from tests.reader.meaning import GIVEN, lines, problems, same, spelled, written_lines

# What the final answers are read as are the claims and losses that were typed by hand.


BY_ID = {claim.id: claim for claim in CLAIMS}
BOTH = (("left", "left"), ("right", "right"))
LEFT, RIGHT = BOTH[:1], BOTH[1:]
# names of the file, and what the claims call them
SIGMOID = {"x": "z"}
SAMPLES = {"w": "n"}
WINDOW = {"w_t": "near"}
# line, which of its claims, the claim typed by hand, sides, its axes, other names
Sides = tuple[tuple[str, str], ...]
ANSWERS: tuple[tuple[str, str, str, Sides, str, dict[str, str]], ...] = (
    ("a.1", "correction", "a.cross-entropy", BOTH, "", {}),
    ("eq.2", "claim", "a.naive-softmax", LEFT, "", {}),
    ("b.1", "claim", "b.columns", LEFT, "i", {}),
    ("b.5", "correction", "b.columns", RIGHT, "i", {}),
    ("c.8", "claim", "c.any", BOTH, "i", {"w": "x"}),
    ("d.1", "claim", "d.columns", LEFT, "iw", {}),
    ("d.1", "claim", "d.columns", (("right", "left"),), "iw", {}),
    ("e.2", "from_start", "e.forms", BOTH, "", SIGMOID),
    ("e.6", "from_start", "e.derivative", BOTH, "", SIGMOID),
    ("f.4", "from_start", "f.center", BOTH, "i", SAMPLES),
    ("f.7", "from_start", "f.outside", BOTH, "i", SAMPLES),
    ("f.10", "from_start", "f.sample", BOTH, "i", SAMPLES),
    ("g.4", "from_start", "g.center", BOTH, "i", SAMPLES),
    ("g.8", "from_start", "g.sample", BOTH, "i", SAMPLES),
    ("h.2", "claim", "h.U", BOTH, "ix", WINDOW),
    ("h.3", "claim", "h.center", BOTH, "i", WINDOW),
    ("h.6", "from_start", "h.other", BOTH, "i", {**WINDOW, "w": "x"}),
)


@dataclass(frozen=True)
class Answer:
    """A line of the file, which of its claims is meant, and the claim typed by hand."""

    line: str
    which: str
    claim: str
    sides: tuple[tuple[str, str], ...]
    axes: str
    others: dict[str, str]

    @property
    def read(self) -> Claim:
        """What was read."""
        claim = getattr(written_lines()[self.line], self.which)
        assert isinstance(claim, Claim)
        return claim

    def names(self, side: str) -> dict[str, str]:
        """What the typed claim calls the letters of a side."""
        axes = zip(self.read.sides.axes, self.axes, strict=True)
        return {**self.others, **{axis.name: name for axis, name in axes}}

    @property
    def agrees(self) -> bool:
        """Whether each side is the typed one."""
        typed = BY_ID[self.claim]
        return all(
            same(side(self.read, mine), side(typed, other), self.names(mine))
            for mine, other in self.sides
        )


def side(claim: Claim, name: str) -> Expr:
    """The entry of a side."""
    value: Expr = getattr(claim.sides, name)
    return value.replace(lambda node: node.is_Mul and -1 in node.args, signs_inside)


def signs_inside(product: Expr) -> Expr:
    """``-(1 - a) b`` as ``(a - 1) b``."""
    rest = list(product.args)
    sums = [factor for factor in rest if factor.is_Add]
    if not sums:
        return product
    rest.remove(-1)
    rest.remove(sums[0])
    return Mul(-sums[0], *rest)


def said(conditions: tuple[Condition, ...], names: dict[str, str]) -> set[str]:
    """Conditions with the names of the claims."""
    return {
        type(each).__name__
        + str([names.get(str(value), str(value)) for value in vars(each).values()])
        for each in conditions
    }


@pytest.mark.parametrize("answer", [Answer(*row) for row in ANSWERS], ids=lambda a: a.line)
def test_a_final_answer_is_read_as_the_claim_typed_by_hand(answer: Answer) -> None:
    assert answer.agrees


@pytest.mark.parametrize("answer", [Answer(*row) for row in ANSWERS], ids=lambda a: a.line)
def test_a_final_answer_is_claimed_under_what_the_claim_is(answer: Answer) -> None:
    """A part may assume more for all its lines, never less than its claim needs."""
    typed = BY_ID[answer.claim].conditions
    assert said(typed, {}) <= said(answer.read.conditions, answer.others)


def test_every_part_has_a_final_answer_that_was_compared() -> None:
    assert {claim.split(".")[0] for _, _, claim, *_ in ANSWERS} == set("abcdefgh")


@pytest.mark.parametrize(
    "answer",
    [
        Answer("f.4", "from_start", "f.outside", RIGHT, "i", SAMPLES),
        Answer("c.8", "claim", "c.any", RIGHT, "i", {"w": "o"}),  # another word
        Answer("h.3", "claim", "h.center", RIGHT, "i", {}),  # another list
        Answer("h.4", "claim", "h.center", RIGHT, "i", WINDOW),  # the middle not left out
    ],
    ids=lambda answer: answer.line,
)
def test_a_planted_difference_is_noticed(answer: Answer) -> None:
    assert not answer.agrees


def test_a_letter_bound_by_another_sum_is_another_tree() -> None:
    inner, outer = (
        losses.cross_entropy(c, o),
        losses.cross_entropy(c, w),
    )
    assert spelled(inner) != spelled(outer)
    assert same(outer, inner, {"w": "o"})


@pytest.mark.parametrize(
    ("line", "side_", "typed", "names"),
    [
        ("eq.1", "left", losses.P(o, c), {}),
        ("a.2", "left", losses.y(o, w), {}),
        ("eq.2", "left", losses.naive_softmax(c, o), {}),
        ("e.1", "left", losses.sigma(z), SIGMOID),
        ("f.1", "left", losses.negative_sampling(c, o), SAMPLES),
        ("g.1", "left", losses.negative_sampling(c, o), SAMPLES),
        ("h.1", "left", losses.window(c), WINDOW),
    ],
)
def test_a_loss_defined_in_the_file_is_the_loss_typed_by_hand(
    line: str, side_: str, typed: Expr, names: dict[str, str]
) -> None:
    read = getattr(written_lines()[line].claim.sides, side_)
    assert same(read, typed, names)
    assert not same(read, 2 * typed, names)


# A label names the line it stands behind; the paragraph above a chain is kept with its lines.


NAMED = (
    ("$$z = s \\label{shift}$$", ["line.shift"]),
    ("$$z = s \\quad \\label{eq:shift_2}$$", ["line.eq:shift_2"]),
    ("$$\\begin{equation} \\label{shift}\nz = s \\end{equation}$$", ["line.shift"]),
    ("$$z = s \\label{first} = a = b \\label{last}$$", ["line.first", "line.2", "line.last"]),
    ("$$\\begin{align} z &= s \\\\ &= a \\label{two} \\end{align}$$", ["line.1", "line.two"]),
    ("$$z = s$$\n$$= a \\label{two}$$", ["line.1", "line.two"]),
    ("$$z = s \\label{one}$$\n\n$$a = b$$", ["line.one", "line.2"]),
)


def printed(line: Line) -> tuple[str, str]:
    equality = line.equality
    assert isinstance(equality.left, Term)
    assert isinstance(equality.right, Term)
    return both_sides(equality.left, equality.right, equality.scope)


def ids(display: str) -> list[str]:
    return [line.id for line in lines(display)]


@pytest.mark.parametrize(("display", "expected"), NAMED)
def test_a_label_names_the_line_it_stands_behind(display: str, expected: list[str]) -> None:
    assert ids(display) == expected


def test_a_label_is_no_part_of_the_formula() -> None:
    (bare,), (named,) = lines("$$z = s$$"), lines("$$z = s \\label{shift}$$")
    assert (named.left, named.right) == (bare.left, bare.right)
    assert printed(named) == printed(bare)


@pytest.mark.parametrize("label", ["two words", "2", "a/b", "1.md", ""])
def test_a_label_that_no_id_can_be_made_of_names_nothing(label: str) -> None:
    assert ids(f"$$z = s \\label{{{label}}}$$") == ["line.1"]


def test_a_remark_calls_a_line_by_its_label() -> None:
    display = "$$z = s \\label{eq:shift} = a$$\n- line.eq:shift refuted, should be $z$\n"
    first, second = lines(display)
    assert (first.expected, second.expected) == (Verdict.REFUTED, None)
    assert first.correction is not None
    assert "above are line.shift" in _refused("$$z = s \\label{shift}$$\n- line.1 refuted\n")


def test_two_labels_of_one_line_and_two_lines_of_one_label_are_refused() -> None:
    twice = "$$z = s \\label{one} \\label{two}$$"
    again = "$$z = s \\label{one}$$\n\n$$a = b \\label{one}$$"
    assert "a second label of one line" in _refused(twice)
    assert "a line of this name is there already" in _refused(again)


def test_lines_of_two_parts_may_have_the_same_label() -> None:
    found = _read("## (a)\n$$z = s \\label{one}$$\n## (b)\n$$z = s \\label{one}$$\n")
    assert [line.id for line in found] == ["a.one", "b.one"]


DECLARED = "```given\nscalar z, s, a, b\n```\n"


def _read(text: str) -> tuple[Line, ...]:
    return derivation(DECLARED + text, "own.md").lines


def _refused(text: str) -> str:
    (problem,) = problems(DECLARED + text)
    return str(problem)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a sign lost\n\n$$z = s$$", ["a sign lost"]),
        ("a sign lost\n$$z = s$$", ["a sign lost"]),
        ("before\n\na sign\nlost\n\n$$z = s = a$$", ["a sign lost", "a sign lost"]),
        ("$$z = s$$", [""]),
        ("a sign lost\n\n$$z = s$$\n\n$$a = b$$", ["a sign lost", ""]),
        ("a sign lost\n\n## (b) Title\n\n$$z = s$$", [""]),
        ("a sign lost\n\n```given\nscalar t\n```\n\n$$z = s$$", [""]),
        ("a sign lost\n\n$$z = s$$\n\n- line.1 refuted\n\n$$a = b$$", ["a sign lost", ""]),
        ("a sign lost\n\n$$z = s$$\n\nthat is\n\n$$= a$$", ["a sign lost", "a sign lost"]),
    ],
)
def test_the_words_of_a_line_are_the_paragraph_right_above_its_chain(
    text: str, words: list[str]
) -> None:
    assert [line.words for line in _read(text)] == words


# Names that look alike stay apart, and letters of other alphabets are bound like any other.


GREEK = "```given\nsize n >= 1\nindex \\alpha in 1..n\nvector q in R^n\n"


def _verdict(text: str) -> Verdict:
    (line,) = derivation(text, "own.md").lines
    return judge(line.claim).verdict


def test_two_forms_of_a_greek_letter_are_two_numbers() -> None:
    text = "```given\nscalar \\epsilon, \\varepsilon, \\phi, \\varphi\n```\n$$%s$$"
    assert _verdict(text % r"\epsilon = \varepsilon") is Verdict.REFUTED
    assert _verdict(text % r"\phi \varphi = \varphi \phi") is Verdict.PROVED


def test_a_greek_letter_that_a_sum_binds_is_bound() -> None:
    text = GREEK + "```\n$$\\sum_\\alpha q_\\alpha = \\sum_{\\alpha=1}^n q_\\alpha$$"
    assert _verdict(text) is Verdict.PROVED


def test_a_name_that_depends_on_a_bound_greek_letter_is_refused() -> None:
    text = GREEK + "define g = q_\\alpha^2\n```\n$$\\sum_\\alpha g = n g$$"
    with pytest.raises(UnreadableFile, match="which is bound here"):
        derivation(text, "own.md")


@pytest.mark.parametrize("constant", ["0", "-1", "1 - 1"])
def test_a_logarithm_that_has_no_value_is_ill_typed(constant: str) -> None:
    assert _verdict(f"$$\\log({constant}) = 0$$") is Verdict.ILL_TYPED


@pytest.mark.parametrize("dots", [r"\dots", r"\ldots", r"\cdots", "..."])
def test_dots_are_dots_however_they_are_typed(dots: str) -> None:
    text = (
        "```given\nsize n, K >= 1\nindex w in Vocab = 1..n\nlist w_k in Vocab, k in 1..K\n"
        "vector a in R^Vocab\ndefine F(w_1, ..., w_K) = \\sum_k a_{w_k}\n```\n"
        f"$$F(w_1, {dots}, w_K) = \\sum_k a_{{w_k}}$$"
    )
    assert _verdict(text) is Verdict.PROVED


def test_a_declared_softmax_is_the_one_that_is_meant() -> None:
    text = (
        "```given\nscalar x\ndefine \\mathrm{softmax}(z) = 2 z\n```\n$$\\mathrm{softmax}(x) = 2 x$$"
    )
    assert _verdict(text) is Verdict.PROVED


# A name means what was declared last before it, and what depends on the older one says so.


def verdicts(text: str) -> dict[str, str]:
    return {line.id: judge(line.claim).verdict.value for line in derivation(text, "notes").lines}


def with_parts(*parts: str) -> str:
    """A file with a part for each text, named a, b, ..."""
    headed = (f"## ({name}) Part\n\n{part}\n" for name, part in zip("abcdef", parts, strict=False))
    return f"```given\n{GIVEN}```\n\n" + "\n".join(headed)


def test_a_declaration_holds_to_the_end_of_its_part() -> None:
    text = with_parts(
        "$$\\sum_x y_x = 1$$",
        "```given\nscalar x\n```\n\n$$x + x = 2 x$$\n",
        "$$\\sum_x y_x = 1$$",
    )
    assert verdicts(text) == {"a.1": "proved", "b.1": "proved", "c.1": "proved"}


def test_a_scalar_takes_the_name_from_a_label() -> None:
    (problem,) = problems(with_parts("```given\nscalar x\n```\n\n$$u_x = u_x \\quad (x \\ne o)$$"))
    assert problem.token == "u_x"
    assert "x is declared and no index" in problem.advice


def test_a_vector_takes_the_name_from_an_index() -> None:
    given = "```given\nvector i in R^d\n```\n\n"
    assert verdicts(with_parts(f"{given}$$i^T i = \\lVert i \\rVert^2$$")) == {"a.1": "proved"}


def test_an_index_takes_the_name_from_a_function() -> None:
    given = "```given\nindex J in 1..K\n```\n\n"
    assert verdicts(with_parts(f"{given}$$\\sum_J a = K a$$")) == {"a.1": "proved"}


@pytest.mark.parametrize("name", [r"\hat{y}_w", r"\hat{y}^T y", "J"])
def test_what_depends_on_a_letter_that_now_means_something_else_is_refused(name: str) -> None:
    given = "```given\nindex c in 1..K\n```\n\n"
    (problem,) = problems(with_parts(f"{given}$${name} = a$$"))
    assert "depends on a c that was declared otherwise before" in problem.what


def test_a_definition_keeps_what_it_was_made_of() -> None:
    given = "```given\ndefine g = 2 z\n```\n\n$$g = 2 z$$\n\n```given\ndefine f = g\n```\n\n"
    later = "```given\ndefine g = 3 z\n```\n\n$$f = 2 z$$\n\n$$g = 3 z$$\n"
    assert set(verdicts(with_parts(given + later)).values()) == {"proved"}


def test_a_letter_bound_in_a_sum_and_free_beside_it_leaves_a_note() -> None:
    (line,) = derivation(with_parts("$$y_w = \\sum_w y_w$$"), "notes").lines
    assert line.notes == ("w is free, and bound in a sum: inside the sum it is the bound one",)
