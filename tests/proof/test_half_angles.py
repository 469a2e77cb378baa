"""Sines and cosines by half of their angles: right in numbers, and a mistake in one is seen."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from derivations.claim import Claim, Verdict
from derivations.proof import half_angles, half_turns, normal_form
from derivations.proof.decide import Disagreement
from derivations.proof.half_turns import added, multiple, of_turn, quarter
from derivations.proof.judge import judge
from derivations.proof.witness import Balls
from derivations.reader.derivation import reading

BALLS = Balls({})
GIVEN = "```given\nscalar a, b\n```\n"
SUM = r"\cos(a + b) = \cos a \cos b - \sin a \sin b"


def claim(line: str) -> Claim:
    normal_form._read.cache_clear()
    (entry,) = reading(f"{GIVEN}$${line}$$\n", "angles.md").lines
    return entry.claim


def verdict(line: str) -> Verdict:
    return judge(claim(line)).verdict


@pytest.mark.parametrize("times", range(-4, 5))
@pytest.mark.parametrize("tangent", [Fraction(-3, 2), Fraction(1, 3)])
def test_multiples_of_an_angle_have_the_values_of_a_library(times: int, tangent: Fraction) -> None:
    turn = multiple(BALLS, BALLS.constant(tangent), times)
    angle = 2 * times * math.atan(float(tangent))
    for name, wanted in (("cos", math.cos), ("sin", math.sin), ("tan", math.tan)):
        assert float(of_turn(BALLS, name, turn)) == pytest.approx(wanted(angle))


def test_sums_of_angles_and_right_angles_have_the_values_of_a_library() -> None:
    one, other = (multiple(BALLS, BALLS.constant(Fraction(1, n)), 1) for n in (2, 3))
    angle = 2 * math.atan(1 / 2) + 2 * math.atan(1 / 3)
    assert float(added(BALLS, one, other)[1]) == pytest.approx(math.sin(angle))
    for number in range(-2, 7):
        cosine, sine = quarter(BALLS, number)
        assert float(cosine) == pytest.approx(math.cos(number * math.pi / 2), abs=1e-12)
        assert float(sine) == pytest.approx(math.sin(number * math.pi / 2), abs=1e-12)


def test_a_mistake_in_either_argument_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = r"\cos(a + b) = \cos a \cos b + \sin a \sin b"
    assert verdict(SUM) is Verdict.PROVED
    assert verdict(wrong) is Verdict.REFUTED
    with monkeypatch.context() as patched:
        patched.setattr(half_angles, "_added", _mistaken)
        with pytest.raises(Disagreement):
            verdict(wrong)
    with monkeypatch.context() as patched:
        patched.setattr("derivations.proof.field.added", _mistaken_turn)
        assert verdict(SUM) is not Verdict.PROVED
        assert verdict(wrong) is not Verdict.PROVED


def _mistaken(one, other, algebra):  # type: ignore[no-untyped-def]
    """The cosine of a difference for that of a sum."""
    (c, s), (d, t) = one, other
    product = algebra.multiply
    return (
        algebra.add((product(c, d), product(s, t))),
        algebra.add((product(s, d), product(c, t))),
    )


def _mistaken_turn(domain, one, other):  # type: ignore[no-untyped-def]
    (c, s), (d, t) = one, other
    cosine = domain.add(domain.multiply(c, d), domain.multiply(s, t))
    return cosine, half_turns.added(domain, one, other)[1]
