"""Declarations of every kind, and expressions by their declared names."""

from __future__ import annotations

from derivations.reader.meaning import Scope
from sympy import Expr

from derivations.definition import substitute
from derivations.indices import Index
from derivations.reader.declare import declared
from derivations.reader.source import Source

GIVEN = r"""size N, d >= 1
size K, m >= 0
index c, o, w, x in Vocab = 1..N
index k, i in 1..K
index j in -m..m
scalar z, a
vectors u_w in R^d, columns of U
vectors v_w in R^d, rows of V
vector p in R^d
matrix A in R^{d x d}
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
"""
SCOPE = declared([Source(line).whole for line in GIVEN.splitlines()], Scope())
WORDS, TIMES, PLACES = (SCOPE.letters[letter].space for letter in "wkj")
(PART,) = {axis.space for axis in SCOPE.things["p"].body.axes if axis}
LIST, AROUND = (words.words for words in SCOPE.lists["w"])


def entry(name: str, *indices: Expr) -> Expr:
    """The entry of a declared vector or matrix, or of a member of a family."""
    thing = SCOPE.things[name]
    slots = [*thing.params, *(axis for axis in thing.body.axes if axis)]
    return substitute(thing.body.entry, dict(zip(slots, indices, strict=True)))


def applied(name: str, *arguments: Expr) -> Expr:
    """A declared function of its arguments; the last of them picks the entry of a vector."""
    function = SCOPE.functions[name]
    count = sum(parameter.stands_for is not None for parameter in function.parameters)
    value = function.value(arguments[:count])
    axes = [axis for axis in value.axes if axis]
    return substitute(value.entry, dict(zip(axes, arguments[count:], strict=True)))


AXES = (Index("i'", PART), Index("w", PART))
"""Axes, one under a name that is also a letter of another set."""
