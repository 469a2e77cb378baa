"""Mistakes in what a theorem assumes, and in how its parts are put together."""

from __future__ import annotations

from typing import Any

from derivations.certify import certificate, theorem
from tests.certify.plants.planting import (
    of_function,
    of_statement,
    with_instead,
    without,
)
from tests.planting import Mutant

SAMPLE, WINDOW = "word2vec/f.sample", "word2vec/h.U"


def _zero(right: Any, claim: Any) -> Any:
    left, other = right(claim)
    return left, other * 0


CONDITIONS: tuple[Mutant, ...] = (
    without("(1 <= d)", "word2vec/a.scores", "no coordinate at all is allowed"),
    with_instead("(1 <= d)", "(0 <= d)", "word2vec/a.scores", "a size may be zero"),
    with_instead(
        "(0 <= K)", "(1 <= K)", "word2vec/f.center", "a size may not be zero, against the claim"
    ),
    without("(0 <= K)", "word2vec/f.center", "a size may be negative"),
    without("<= o <=", "word2vec/a.scores", "a word may be none of the vocabulary"),
    without("(1 <= n j <= N)", "word2vec/f.center", "a drawn word may be none"),
    with_instead(
        "<= K)%Z -> (1", "<= K - 1)%Z -> (1", "word2vec/f.center", "the last draw is free"
    ),
    without("-> o <> n", "word2vec/f.outside", "the outside word may be drawn"),
    with_instead("o <> n j", "o = n j", "word2vec/f.outside", "every draw is the outside word"),
    without("n j = n", SAMPLE, "the draws may repeat"),
    with_instead("x <> o", "x = o", "word2vec/c.other", "two words are the same, not different"),
    without("x <> o", "word2vec/c.other", "two words may be the same"),
    without("= o", "word2vec/c.2", "two words need not be the same"),
    without("(V : Z -> R) (U : Z -> Z -> R) (i", "word2vec/h.center", "a loss of any kind, by V"),
    without("(V : Z -> R) (U : Z -> Z -> R) (x", "word2vec/h.U", "a loss of any kind, by U"),
    with_instead(
        "(1 <= j <= K)%Z -> o <> n",
        "o <> n",
        "word2vec/f.outside",
        "a condition on draws is one on places that the list has not",
    ),
    of_function(theorem, "_sides", _zero, "word2vec/b.columns", "the right side is 0"),
    of_statement(
        lambda said: {"right": said.left}, "word2vec/a.scores", "a side is compared with itself"
    ),
    of_statement(lambda said: {"existing": ()}, WINDOW, "it is not said that slopes exist"),
    of_statement(
        lambda said: {"existing": tuple(e.replace("<= m)", "<= 0)") for e in said.existing)},
        WINDOW,
        "slopes are said to exist at some places of a sum only",
    ),
    of_function(
        certificate,
        "at_witness",
        lambda right, said: right(said).replace("<>", "="),
        "word2vec/a.scores",
        "that a claim falls says that it holds",
    ),
    of_function(
        certificate,
        "at_witness",
        lambda right, said: right(said).replace("  (1 <= d)%Z /\\\n", ""),
        "word2vec/a.scores",
        "a counterexample may have no coordinate",
    ),
)
