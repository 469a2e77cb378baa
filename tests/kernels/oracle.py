"""The exact answer for a case, the accuracy promised, and slopes of the losses as specified."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from flint import acb, arb, ctx
from numpy.typing import NDArray

from tests.kernels.cases import Batch, Case, Floats, Pair, Result, Window

# The losses, their gradients and their condition scale, in ball arithmetic.
#
# Written by hand from the formulas.  Inner products of floats are exact at `EXACT` bits
# (the products of two float64 span fewer than 4,300); what follows runs at `WORKING`
# bits on sums of positive terms only, so every ball is far narrower than a rounding.
#
# The scale B is what rounding the inner products can cost: with t_w = |u_w|.|v|, an error
# of u t_w in a score moves the loss by |delta_w| u t_w and delta_w by u beta_w.


EXACT = 4400
WORKING = 256
Balls = NDArray[Any]

exp: Callable[[Any], Any] = np.frompyfunc(lambda x: x.exp(), 1, 1)
log1p: Callable[[Any], Any] = np.frompyfunc(lambda x: x.log1p(), 1, 1)


@dataclass(frozen=True, eq=False)
class Answer:
    """Loss, gradient by v and gradient by U: exact values, or the scale B of each."""

    loss: Any
    grad_v: Balls
    grad_U: Balls

    def parts(self) -> tuple[tuple[str, Any], ...]:
        return ("loss", self.loss), ("grad_v", self.grad_v), ("grad_U", self.grad_U)


def balls(array: Floats) -> Balls:
    """The same numbers, exactly, as an object array of balls of radius zero."""
    out = np.empty(np.size(array), dtype=object)
    out[:] = [arb(x) for x in np.ravel(array).tolist()]
    return out.reshape(np.shape(array))


@lru_cache(maxsize=100_000)
def oracle(pair: Pair) -> tuple[Answer, Answer]:
    """The exact answer for one pair and its condition scale B."""
    U, v = balls(pair.U), balls(pair.v)
    with ctx.workprec(EXACT):
        scores, sizes = U @ v, abs(U) @ abs(v)
    if pair.negatives is None:
        return naive_softmax(scores, sizes, pair.o, U, v)
    return negative_sampling(scores, sizes, [pair.o, *pair.negatives.tolist()], U, v)


def naive_softmax(z: Balls, t: Balls, o: int, U: Balls, v: Balls) -> tuple[Answer, Answer]:
    """-log yhat_o;  delta = yhat - y."""
    with ctx.workprec(EXACT):
        top = max(range(len(z)), key=lambda w: z[w])
        below, gap = z - z[top], z[top] - z[o]
    with ctx.workprec(WORKING):
        e = exp(below)
        others = np.array([total(e, without=w) for w in range(len(e))], dtype=object)
        yhat, rest = e / total(e), others / total(e)
        delta = yhat.copy()
        delta[o] = -rest[o]
        mean_size = np.array([total(yhat * t, without=w) for w in range(len(e))], dtype=object)
        beta = yhat * (t * rest + mean_size)
        loss = gap + log1p(others[top])
        return answers(loss, delta, abs(delta) + beta, loss + abs(delta) @ t, U, v)


def negative_sampling(
    z: Balls, t: Balls, draws: list[int], U: Balls, v: Balls
) -> tuple[Answer, Answer]:
    """The sum over draws of -log sigma(x), with x = z_o for o and x = -z_k for a sample k."""
    delta, weight, beta = (balls(np.zeros(len(z))) for _ in range(3))
    loss, loss_scale = arb(0), arb(0)
    with ctx.workprec(WORKING):
        for i, w in enumerate(draws):
            sign = 1 if i == 0 else -1
            x = sign * z[w]
            small = (-abs(x)).exp()
            right, wrong = 1 / (1 + small), small / (1 + small)
            missing = wrong if x > 0 else right
            term = small.log1p() + (0 if x > 0 else -x)
            delta[w] -= sign * missing
            weight[w] += missing
            beta[w] += right * wrong * t[w]
            loss += term
            loss_scale += term + missing * t[w]
        return answers(loss, delta, weight + beta, loss_scale, U, v)


def answers(
    loss: Any, delta: Balls, reach: Balls, loss_scale: Any, U: Balls, v: Balls
) -> tuple[Answer, Answer]:
    """Gradients from delta = dJ/dscores, and their scale from reach = |delta| + beta."""
    exact = Answer(loss, delta @ U, np.multiply.outer(delta, v))
    scale = Answer(loss_scale, reach @ abs(U), np.multiply.outer(reach, abs(v)))
    return exact, scale


def total(terms: Balls, without: int | None = None) -> Any:
    """A sum of positive terms, one of them left out: never a difference."""
    return sum((x for w, x in enumerate(terms) if w != without), arb(0))


# The accuracy promise: |error| <= 32 (u B + subnormals), componentwise.
#
# u is half a spacing of floats at 1 and B the oracle's condition scale.  The second term
# is what underflow may cost: a coefficient is known no better than to the smallest
# subnormal, and it multiplies a row of U (in grad_v) or v (in grad_U).
#
# B is of first order in u: it presumes that a rounding u t_w in a score is small against 1,
# or that the scores are exact.  Where neither holds, two scores that differ by less than
# their rounding may come out equal, and no kernel that rounds its scores could keep to B.


C = 32


@lru_cache(maxsize=100_000)
def promised(case: Case) -> tuple[Answer, Answer]:
    """The exact answer for a case, and the error that the promise allows in each component."""
    with ctx.workprec(WORKING):
        if isinstance(case, Pair):
            exact, scale = oracle(case)
            return exact, allowance(case, scale)
        exact, allow = blank(case), blank(case)
        for i, pair in enumerate(case.pairs()):
            at = () if isinstance(case, Window) else (i,)
            word = case.c if isinstance(case, Window) else case.centers[i]
            for sums, part in zip((exact, allow), promised(pair), strict=True):
                sums.loss[at] += part.loss
                sums.grad_v[word] += part.grad_v
                sums.grad_U[...] += part.grad_U
        return exact, allow


def allowance(pair: Pair, scale: Answer) -> Answer:
    info = np.finfo(pair.U.dtype)
    u, subnormal = arb(float(info.eps) / 2), arb(float(info.smallest_subnormal))
    U, v = abs(balls(pair.U)), abs(balls(pair.v))
    lost_v = np.array([subnormal * (1 + column) for column in U.sum(axis=0)])
    lost_U = np.array([subnormal * (1 + x) for x in v])
    return Answer(
        C * (u * scale.loss + subnormal),
        C * (u * scale.grad_v + lost_v),
        C * (u * scale.grad_U + lost_U),
    )


def blank(case: Window | Batch) -> Answer:
    shape = () if isinstance(case, Window) else (len(case.centers),)
    return Answer(
        balls(np.zeros(shape)), balls(np.zeros(case.V.shape)), balls(np.zeros(case.U.shape))
    )


def allowed(case: Case) -> Answer:
    return promised(case)[1]


def assert_close(what: str, got: Any, want: Any, allow: Any, case: object) -> None:
    """Every component of `got` is finite and within `allow` of `want`."""
    got, want = np.asarray(got), np.asarray(want, dtype=object)
    assert got.shape == want.shape, f"{what} has shape {got.shape}, not {want.shape}: {case}"
    allow = np.broadcast_to(np.asarray(allow, dtype=object), want.shape)
    for at in np.ndindex(got.shape):
        number = float(got[at])
        error = abs(arb(number) - want[at])
        kept = np.isfinite(number) and error <= allow[at]
        assert kept, (
            f"{what}{list(at) if at else ''} is {number!r}, not {want[at].str(20, radius=False)}; "
            f"off by {error.str(4, radius=False)}, allowed {allow[at].str(4, radius=False)}: {case}"
        )


def assert_promise(got: Result, case: Case, in_turn: int = 0) -> None:
    """The promise; a further u B for each of the terms that were added to one row in turn."""
    exact, allow = promised(case)
    for (what, want), (_, margin) in zip(exact.parts(), allow.parts(), strict=True):
        more = arb(C + in_turn) / C
        assert_close(what, getattr(got, what), want, margin * more, case)


def exactly(array: Any, what: str, case: object) -> Balls:
    """A kernel's own numbers as balls, to calculate with without rounding again."""
    assert np.all(np.isfinite(array)), f"{what} is {array!r}, not finite: {case}"
    return balls(np.asarray(array))


BITS = 1600
STEP = 2.0**-100
IMAGINARY_STEP = acb(0, STEP)

Derivative = Callable[[Callable[[Any], Any], Any], Any]


def specified_loss(v: Balls, o: int, U: Balls, negatives: list[int] | None) -> Any:
    """-log(exp(z_o) / sum exp(z_w)), or -log sigma(z_o) - sum over k of log sigma(-z_k)."""
    z = U @ v
    if negatives is None:
        return -(z[o].exp() / sum(x.exp() for x in z)).log()
    return -log_sigmoid(z[o]) - sum(log_sigmoid(-z[k]) for k in negatives)


def log_sigmoid(x: Any) -> Any:
    return (1 / (1 + (-x).exp())).log()


def central_difference(f: Callable[[Any], Any], x: Any, step: Any = STEP) -> Any:
    return (f(x + step) - f(x - step)) / (2 * step)


def complex_step(f: Callable[[Any], Any], x: Any) -> Any:
    return f(acb(x) + IMAGINARY_STEP).imag / STEP


def slopes(
    loss: Callable[..., Any],
    given: Mapping[str, Any],
    name: str,
    derivative: Derivative = central_difference,
) -> Balls:
    """The derivative of a loss by every entry of an argument: no formula of a gradient is used."""
    array = np.array(given[name], dtype=object)
    out = np.empty(array.shape, dtype=object)
    for at in np.ndindex(out.shape):

        def moved(x: Any, at: tuple[int, ...] = at) -> Any:
            changed = array.copy()
            changed[at] = x
            return loss(**{**given, name: changed[()]})

        out[at] = derivative(moved, array[at])
    return out


@lru_cache(maxsize=10_000)
def differentiated(pair: Pair, derivative: Derivative) -> Answer:
    """The specified loss and its derivative by every entry of v and of U."""
    negatives = None if pair.negatives is None else pair.negatives.tolist()
    given: dict[str, Any] = {
        "v": balls(pair.v),
        "o": pair.o,
        "U": balls(pair.U),
        "negatives": negatives,
    }
    with ctx.workprec(BITS):
        loss: arb = specified_loss(**given)
        return Answer(loss, *(slopes(specified_loss, given, by, derivative) for by in ("v", "U")))
