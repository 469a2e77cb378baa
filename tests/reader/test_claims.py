"""What the final answers are read as are the claims and losses that were typed by hand."""

from dataclasses import dataclass

import pytest
from sympy import Expr, Mul

from derivations.claim import Claim, Condition
from derivations.word2vec import losses
from derivations.word2vec.claims import CLAIMS
from derivations.word2vec.losses import c, o, w, z
from tests.reader.alpha import same, spelled
from tests.reader.written import lines

BY_ID = {claim.id: claim for claim in CLAIMS}
BOTH = (("left", "left"), ("right", "right"))
LEFT, RIGHT = BOTH[:1], BOTH[1:]
# names of the file, and what the claims call them
SIGMOID = {"x": "z"}
SAMPLES = {"w": "n"}
WINDOW = {"w_t": "near"}
# line, which of its claims, the claim typed by hand, sides, its axes, other names
ANSWERS = (
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
        claim = getattr(lines()[self.line], self.which)
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
    read = getattr(lines()[line].claim.sides, side_)
    assert same(read, typed, names)
    assert not same(read, 2 * typed, names)
