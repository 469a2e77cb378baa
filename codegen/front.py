"""The emitted package's own file: what it offers, and what it promises of all its kernels."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from codegen.kernel import Module

DOCSTRING = '''"""Loss and gradient kernels for models of words, on NumPy.

{kernels}

Rows are words: U and V are (N, d), and so is a gradient by them. float32 and float64 arrays are
taken, all of one dtype, and the same is returned; integers and lists count as float64. Words are
integers in 0..N - 1. The inputs are never changed but by functions named `..._step`, which change
V and U in place. Every result owns its memory, unless a `Workspace` is given. NaN or infinity in
gives NaN or infinity in every result that it reaches. A score too large for the dtype saturates;
where that leaves a softmax undecided, the result is NaN. So it is where a mean or an error has an
intermediate sum out of range.

Accuracy of the skip-gram kernels: for finite inputs each component of a result is within 32 u B of
its exact value, plus what underflow costs, wherever rounding a score leaves the probabilities
standing: u t_w is small against 1, or the scores are exact. Here u is 2^-53 or 2^-24, and B is the
size of the terms together with what rounding the scores can cost: with z = U v the scores, t_w the
sum over i of |U[w,i] v[i]| and delta the derivative of the loss by the scores,

    loss          B = |J| + sum over w of |delta_w| t_w
    grad_v        B = sum over w of (|delta_w| + beta_w) |u_w|
    grad_U[w]     B = (|delta_w| + beta_w) |v|

where beta_w = yhat_w (t_w (1 - yhat_w) + sum over x != w of yhat_x t_x) for the naive softmax. For
negative sampling beta = sigma(z) sigma(-z) t, and the terms of all draws are added. The bounds of a
window, of a batch, of a span and of blocks are the sums of the bounds of their pairs (where a block
has at most 64 centers, and 64 words or samples). A product with a matrix
is added up as BLAS does it: where a thousand terms of less than half a rounding follow a large one,
they are lost, and the error can be some times this bound. The other kernels evaluate the same
stable forms, and are tested against exact values without a bound of their own.
"""'''
# modules, and what they are for; others are listed below these by their titles
KERNELS: dict[tuple[str, ...], str] = {
    ("naive_softmax", "negative_sampling"): "skip-gram, a pair of words or a batch of pairs",
    ("skip_gram",): "both summed over a window",
    ("spans",): "negative sampling over stretches of text",
    ("blocks",): "the same as lists with weights: the fastest to train with",
    ("cbow",): "both for the mean of a context",
    ("hierarchical_softmax",): "a word as a path in a binary tree",
    ("glove",): "weighted squares of all pairs of words, or of some",
    ("contrastive",): "queries and keys of a batch, one way or both",
}
OFFERED = {"Workspace": "_runtime.parts", "RowGrad": "_runtime.rows"}


def front_text(modules: Sequence[Module]) -> str:
    """The docstring, and the imports that make the public modules and classes available."""
    titles = {module.path.removesuffix(".py"): module.title for module in modules}
    public = [name for name in titles if name[0] != "_"]
    listed = {name for names in KERNELS for name in names}
    others: dict[tuple[str, ...], str] = {
        (name,): _lower(titles[name]) for name in public if name not in listed
    }
    every: dict[tuple[str, ...], str] = {**KERNELS, **others}
    rows = [line for names, text in every.items() for line in _row(", ".join(names), text)]
    lines = [
        DOCSTRING.replace("{kernels}", "\n".join(rows)),
        "",
        *_one_a_line("from . import ", "()", sorted(public)),
    ]
    lines += [f"from .{module} import {name}" for name, module in OFFERED.items()]
    names = [f'"{name}"' for name in sorted([*OFFERED, *public])]
    return "\n".join([*lines, "", *_one_a_line("__all__ = ", "[]", names), ""])


def _lower(title: str) -> str:
    """A title as an entry of the table: no sentence."""
    return title[0].lower() + title[1:].removesuffix(".")


def _row(names: str, text: str) -> list[str]:
    """A line of the table, and those below it where the text is long."""
    return wrap(text, 99, initial_indent=f"    {names:36}", subsequent_indent=" " * 40)


def _one_a_line(start: str, brackets: str, names: Sequence[str]) -> list[str]:
    return [f"{start}{brackets[0]}", *(f"    {name}," for name in names), brackets[1]]
