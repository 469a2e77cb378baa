"""The first derivation file is as its document prints it, and means what was typed by hand."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from sympy import Expr, Mul

from derivations.claim import Claim, Condition, Verdict
from derivations.language.index_form import entry_of
from derivations.language.tree import Misfit, Term
from derivations.language.tree import spelled as shape_spelled
from derivations.proof.judge import judge
from derivations.reader.declare.block import KEYWORDS
from derivations.reader.derivation import UnreadableFile, derivation
from derivations.reader.equation import Line
from derivations.reader.unparser import both_sides
from derivations.word2vec import losses
from derivations.word2vec.claims import CLAIMS
from derivations.word2vec.losses import c, o, w, z
from tests.documents import SLIPS
from tests.proof.by_hand import judged
from tests.reader.alpha_equivalence import (
    GIVEN,
    PRINTED_SLIPS,
    lines,
    problems,
    refusal,
    same,
    spelled,
    written_lines,
)

PRINTED: dict[str, list[str]] = json.loads(
    Path(__file__).with_name("printed.json").read_text(encoding="utf-8")
)
LABEL = re.compile(r"\([ivx]+\)\s*\\quad")
LINE_BREAK = re.compile(r"\\\\\s*&")


def compact(latex: str) -> str:
    """Without white space, line breaks of the display and the number of the formula."""
    return "".join(LINE_BREAK.sub("", LABEL.sub("", latex)).split())


def test_the_file_has_the_printed_equalities_in_their_order() -> None:
    assert list(written_lines()) == list(PRINTED)
    assert len(PRINTED) == 50


@pytest.mark.parametrize("name", PRINTED)
def test_a_line_is_as_printed_with_the_verdict_and_the_correction_of_its_remark(name: str) -> None:
    line = written_lines()[name]
    assert [compact(line.left), compact(line.right)] == list(map(compact, PRINTED[name]))
    assert judge(line.claim).verdict is (line.expected or Verdict.PROVED)
    if line.expected:
        assert line.correction is not None
        assert judge(line.correction).verdict is Verdict.PROVED


def test_a_changed_sign_is_seen() -> None:
    assert compact(r"-u_o + \sum_x u_x") != compact(r"-u_o - \sum_x u_x")


def test_only_lines_that_do_not_hold_are_remarked_on() -> None:
    assert all(line.expected is not Verdict.PROVED for line in written_lines().values())
    assert sum(line.expected is not None for line in written_lines().values()) == 15


READ = {slip.id: slip for slip in SLIPS}
# the lists and the arbitrary function of the files, as the claims call them
IN_THE_DOCUMENT = {"J(2)": "J", "∂J(2)/∂V": "∂J/∂V", "∂J(2)/∂U": "∂J/∂U"}
CALLED = {"w_t": "near", **IN_THE_DOCUMENT}
# a false claim, and the line of the document that is it, from the start of its chain
LINES = {
    "slip.b.dropped-exp": "b.2",
    "slip.c.outside-dropped-exp": "c.2",
    "slip.c.other-dropped-exp": "c.5",
    "slip.h.center-in-window": "h.4",
}
WITHOUT_MEANING = {
    "slip.b.row-vector": "b.4",
    "slip.b.transposed": "b.5",
    "slip.c.extra-factor": "c.4",
}
# in a formula that is read, a number beside a vector is that number in every entry
ONE_BESIDE_A_VECTOR = "slip.c.extra-factor"


def agree(read: Term | Misfit, typed: Term | Misfit, called: dict[str, str] | None = None) -> bool:
    """Whether a side is the typed one, or fails in the same shapes."""
    if isinstance(read, Misfit) or isinstance(typed, Misfit):
        shapes = [(each.left, each.right) for each in (read, typed) if isinstance(each, Misfit)]
        return len(shapes) == 2 and shapes[0] == shapes[1]
    if shape_spelled(read.shape) != shape_spelled(typed.shape):
        return False
    (mine, axes), (other, typed_axes) = entry_of(read), entry_of(typed)
    names = {one.name: two.name for one, two in zip(axes, typed_axes, strict=True)}
    return same(mine, other, {**(CALLED if called is None else called), **names})


@pytest.mark.parametrize("typed", PRINTED_SLIPS, ids=lambda claim: claim.id)
def test_a_false_claim_is_read_as_it_was_typed_by_hand(typed: Claim) -> None:
    read = READ[typed.id]
    assert (read.part, read.place, read.title) == (typed.part, typed.place, typed.title)
    assert agree(read.left, typed.left)
    assert agree(read.right, typed.right) != (typed.id == ONE_BESIDE_A_VECTOR)
    assert list(map(str, read.conditions)) == list(map(str, typed.conditions))
    assert judge(typed).verdict is judged(read).verdict


def test_all_that_say_where_they_are_printed_were_typed() -> None:
    printed = {slip.id for slip in SLIPS if slip.place != "not printed"}
    assert printed == {typed.id for typed in PRINTED_SLIPS} | {"slip.g.split-printed"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("slip.b.dropped-exp", "slip.b.unweighted"),
        ("slip.b.transposed", "slip.b.rows-untransposed"),
        ("slip.c.extra-factor-entrywise", "slip.c.outside-dropped-exp"),
        ("slip.h.center-in-window", "slip.h.outside-for-center"),
    ],
)
def test_a_planted_difference_is_noticed(one: str, other: str) -> None:
    (typed,) = (claim for claim in PRINTED_SLIPS if claim.id == one)
    assert not agree(READ[other].right, typed.right)


def _in_the_document(slip: str) -> Claim:
    line = written_lines()[{**LINES, **WITHOUT_MEANING}[slip]]
    return line.from_start or line.claim


@pytest.mark.parametrize("slip", [slip for slip in LINES if slip != "slip.c.other-dropped-exp"])
def test_a_false_claim_is_the_line_that_it_says_it_is(slip: str) -> None:
    assert agree(READ[slip].right, _in_the_document(slip).right, IN_THE_DOCUMENT)


def test_a_false_claim_is_not_another_line() -> None:
    assert not agree(
        READ["slip.b.dropped-exp"].right, written_lines()["c.2"].claim.right, IN_THE_DOCUMENT
    )


def test_a_line_that_calls_its_word_otherwise_is_the_same() -> None:
    """The document's w is free there and bound in the sum; the false claim calls it x."""
    read, document = READ["slip.c.other-dropped-exp"], _in_the_document("slip.c.other-dropped-exp")
    for mine, printed in zip(read.terms, document.terms, strict=True):
        assert same(entry_of(mine)[0], entry_of(printed)[0], {"x": "w"})


@pytest.mark.parametrize("slip", WITHOUT_MEANING)
def test_a_line_without_a_meaning_fails_in_the_shapes_of_the_false_claim(slip: str) -> None:
    reasons = (judged(READ[slip]).reason, judged(_in_the_document(slip)).reason)
    shapes = {reason.split(": ", 1)[1].split(";")[0] for reason in reasons}
    assert len(shapes) == 1


NOTED = {
    "is read as a bar": {"eq.2", "b.3", "b.4", "c.3", "c.4", "c.6", "c.7"},
    "a comma is lost in": {"h.1", "h.2", "h.3", "h.4", "h.5", "h.6"},
    "is read as a product": {"g.8"},
    "\\exp without parentheses": {"eq.1"},
    "excludes nothing: 0 is not a member of 1..K": {"f.5", "f.6"},
    "of the sum is read as a condition": {"h.5", "h.6"},
    "w is free, and bound in a sum": {"c.1", "c.2", "c.5", "c.6"},
    "is not read": {"g.6", "g.7"},
    "is read entry by entry": {"a.3"},
    "is read in every entry": {"c.4"},
}


@pytest.mark.parametrize("text", NOTED)
def test_a_slip_is_noted_where_it_stands(text: str) -> None:
    found = {name for name, line in written_lines().items() if any(text in n for n in line.notes)}
    assert found == NOTED[text]


def test_every_note_is_one_of_those_that_are_known() -> None:
    unknown = [
        n for line in written_lines().values() for n in line.notes if not any(t in n for t in NOTED)
    ]
    assert unknown == []


@pytest.mark.parametrize(
    ("name", "which", "misfit"),
    [
        ("a.1", "right", ("\\hat{y}_0", "0", "a member of Vocab = 1..N")),
        ("a.3", "right", ("y_0", "0", "a member of Vocab = 1..N")),
        ("a.4", "left", ("y_0", "0", "a member of Vocab = 1..N")),
    ],
)
def test_a_zero_where_a_word_belongs_has_no_meaning(
    name: str, which: str, misfit: tuple[str, str, str]
) -> None:
    assert getattr(written_lines()[name].claim, which) == Misfit(*misfit)


def test_the_slips_of_punctuation_mean_what_was_meant() -> None:
    """The remark of each line is that it holds; these are the readings it holds in."""
    for name in ("c.7", "g.8"):
        sides = written_lines()[name].claim.sides
        assert sides.left == sides.right


def test_a_letter_that_a_sum_binds_around_a_derivative_is_not_noted_as_free() -> None:
    text = (
        "```given\nsize N, d >= 1\nindex w in Vocab = 1..N\nvectors u_w in R^d, columns of U\n"
        "vector v in R^d\ndefine E = \\sum_w u_w^T v\n```\n"
        "$$\\sum_w \\frac{\\partial E}{\\partial u_w} = N v$$\n"
    )
    (line,) = derivation(text, "own.md").lines
    assert line.notes == ()


PAGE = (Path(__file__).parents[2] / "derivations" / "FORMAT.md").read_text(encoding="utf-8")


def example() -> str:
    """The file on the page."""
    found = re.search(r"````markdown\n(.*?)````", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_example_has_ten_lines_and_is_judged_as_the_page_says() -> None:
    assert len(example().splitlines()) <= 10
    first, second = derivation(example(), "example").lines
    assert judge(first.claim).verdict.value == "proved"
    assert judge(second.claim).verdict.value == "ill-typed"
    assert second.expected is judge(second.claim).verdict
    assert second.correction is not None
    assert judge(second.correction).verdict.value == "proved"


def test_a_mistake_planted_in_the_example_is_found() -> None:
    planted = example().replace("(a x_s - y_s) x_s =", "(a x_s - y_s) =")
    assert planted != example()
    assert judge(derivation(planted, "example").lines[0].claim).verdict.value == "refuted"


def test_every_declaration_is_on_the_page() -> None:
    assert all(f"| `{keyword} " in PAGE for keyword in KEYWORDS)


def test_what_the_page_says_is_refused_is_refused() -> None:
    listed = PAGE.partition("what could mean two things:")[2]
    formulas = re.findall(r"`([^`]+)`", listed.partition("a row that begins")[0])
    assert len(formulas) == 3
    for formula in formulas:
        given = "size d >= 1\nscalar x\nvector p, q, r in R^d\nmatrix A in R^{d x d}\n"
        assert refusal(formula, given).advice


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
def test_a_planted_difference_of_an_answer_is_noticed(answer: Answer) -> None:
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
