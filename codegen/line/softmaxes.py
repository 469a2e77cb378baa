"""Quotients of exponentials and their sums: found in an expression, and taken by a leader.

A softmax is found by its form, exp(s(w)) / sum over j of exp(s(j)), whatever the scores s are and
whoever named it. Its forms are those of `derivations.language.index_nodes` of these scores,
relative to the leading one; that they are equal to what was written is judged for each softmax
anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sympy import Expr, Indexed, IndexedBase, KroneckerDelta, Mul, Pow, Sum, exp, log

from codegen.kernel import Argmax, argmax
from codegen.line.sought import Refusal, require_proved
from codegen.matching import match
from derivations.claim import Claim
from derivations.indices import Index, IndexSum, free_indices, total
from derivations.language.index_nodes import (
    Defined,
    Softmax,
    define,
    softmax,
    substitute,
    symbol_names,
    unfold,
)
from derivations.language.tree import Array


@dataclass(frozen=True)
class Leading:
    """The forms of one softmax: of scores at ``member``, beside the ``given`` indices.

    ``score`` is as it was written, ``named`` as the forms have it.
    """

    score: Expr
    named: Expr
    member: Index
    given: tuple[Index, ...]
    forms: Softmax
    leader: type[Argmax]
    probability: type[Defined]
    claims: tuple[Claim, ...]

    @property
    def top(self) -> Argmax:
        """The member whose score is largest."""
        return self.leader(*self.given)

    def at(self, kind: type[Defined], *members: Expr) -> Expr:
        """One of the forms."""
        return kind(*self.given, *members)

    def member_of(self, power: Expr) -> Expr | None:
        """The member w for which an exponent is the score of w."""
        binding = match(self.score, power, [self.member])
        if binding is not None:
            return binding.get(self.member)
        whole = unfold(power)  # the same score under other definitions
        candidates = [
            one for one in power.atoms(Index, Indexed) if _space(one) == self.member.space
        ]
        return next(
            (
                one
                for one in sorted(candidates, key=str)
                if unfold(substitute(self.score, {self.member: one})) == whole
            ),
            None,
        )

    @property
    def lse(self) -> Expr:
        """The logarithm of the sum: the leading score, and what the others add."""
        others = self.at(self.forms.weight_of_others, self.top, self.top)
        return substitute(self.named, {self.member: self.top}) + log(1 + others)

    @property
    def names(self) -> dict[Expr, str]:
        """The steps that get a name, and what they are called."""
        s = "s" if self.given else ""
        forms, top, member = self.forms, self.top, self.member
        return {
            self.named: "scores",
            top: f"leader{s}",
            self.at(forms.weight, top, member): "weights",
            self.at(forms.weight_of_others, top, top): "trailing",
            self.at(forms.weight_sum, top): f"weight_sum{s}",
            self.at(self.probability, member): "probabilities",
        }


@dataclass
class Softmaxes:
    """The softmaxes met so far, one for each sum of exponentials; ``given`` are letters taken."""

    given: frozenset[str] = frozenset()
    known: dict[Expr, Leading] = field(default_factory=dict)
    used: dict[str, Claim] = field(default_factory=dict)

    def of_sum(self, whole: Expr) -> Leading | None:
        """The softmax whose weights a sum of exponentials adds up; None if it is no such sum."""
        if not isinstance(whole, Sum) or len(whole.limits) != 1:
            return None
        index, lower, upper = whole.limits[0]
        if not isinstance(whole.function, exp) or not isinstance(index, Index):
            return None
        if (lower, upper) != (index.space.lower, index.space.upper):
            return None
        score = whole.function.args[0]
        key = IndexSum(exp(unfold(score)), whole.limits[0])
        for known in self.known.values():
            if known.member.space == index.space and self._same(known, score, index):
                return known
        self.known[key] = found = _leading(score, index, len(self.known), self.given)
        return found

    def _same(self, known: Leading, score: Expr, index: Index) -> bool:
        renamed = substitute(known.score, {known.member: index})
        return bool(unfold(renamed) == unfold(score))

    def use(self, leading: Leading, number: int) -> None:
        """Judge a claim of the softmax before something is rewritten by it."""
        claim = leading.claims[number]
        if claim.id not in self.used:
            require_proved(claim)
            self.used[claim.id] = claim

    def of_kind(self, node: Expr) -> Leading | None:
        """The softmax that an application is a probability of."""
        return next((one for one in self.known.values() if node.func is one.probability), None)


def quotient(node: Mul, softmaxes: Softmaxes) -> tuple[Expr, Leading, Expr] | None:
    """A factor exp(s(w)) / sum of exp(s): the other factors, the softmax, and w."""
    for below in node.args:
        if not isinstance(below, Pow) or below.exp != -1:
            continue
        leading = softmaxes.of_sum(_opened(below.base))
        if leading is None:
            continue
        for above in node.args:
            exponent = _exponent(above)
            member = None if exponent is None else leading.member_of(exponent)
            if member is not None:
                rest = Mul(*(one for one in node.args if one not in (below, above)))
                return rest, leading, member
    return None


def _space(node: Expr) -> object:
    """The set that an index, or an entry of a list, is a member of."""
    return getattr(getattr(node, "base", node), "space", None)


def _exponent(factor: Expr) -> Expr | None:
    opened = _opened(factor)
    return opened.args[0] if isinstance(opened, exp) else None


def _opened(node: Expr) -> Expr:
    while isinstance(node, Defined):
        node = node.opened
    return node


def _leading(score: Expr, index: Index, number: int, besides: frozenset[str]) -> Leading:
    """The forms, with letters that nothing else has."""
    taken = symbol_names(score, inside_definitions=True) | besides
    free = [letter for letter in "woahuvxyzc" if letter not in taken]
    if len(free) < 3:
        raise Refusal("a softmax with more letters than there are")
    w, o, a = (Index(letter, index.space) for letter in free[:3])
    given = tuple(sorted(free_indices(score) - {index}, key=str))
    scored = substitute(score, {index: w})

    # under one name, so that the difference of two scores is taken first
    named = f"score{number or ''}"
    kind = define(named, f"{named}[{{{w}}}]", (*given, w), scored)

    def at(member: Expr) -> Expr:
        if isinstance(scored, Defined | Indexed):
            return substitute(scored, {w: member})
        return kind(*given, member)

    letter = "efg"[number] if number < 3 else f"e{number}"
    value = IndexedBase(next(one for one in ("r", "q", "p", "D") if one not in taken), real=True)
    forms = softmax(at, given, w, o, a, letter)
    plain = exp(scored) / total(exp(scored), w)
    claims = (
        _claim(number, "loss", -log(substitute(plain, {w: o})), forms.lag(*given, o, a)),
        _claim(number, "error", plain - KroneckerDelta(w, o), forms.error(*given, o, a, w)),
        _claim(
            number,
            "probability",
            plain,
            forms.weight(*given, a, w) / forms.weight_sum(*given, a),
        ),
        _claim(
            number,
            "logarithm",
            log(total(exp(scored), w)),
            at(a) + log(1 + forms.weight_of_others(*given, a, a)),
        ),
        _claim(
            number,
            "centred",
            value[o] - total(plain * value[w], w),
            value[o] - value[a] - total(plain * (value[w] - value[a]), w),
        ),
    )
    leader = argmax(f"leader{number or ''}", "leader", given, w, at(w))
    top = leader(*given)
    body = forms.weight(*given, top, w) / forms.weight_sum(*given, top)
    shown = f"softmax[{{{w}}}]"
    probability = define(f"probability{number or ''}", shown, (*given, w), body)
    return Leading(scored, at(w), w, given, forms, leader, probability, claims)


def _claim(number: int, what: str, left: Expr, right: Expr) -> Claim:
    id = f"softmax{number or ''}.{what}"
    return Claim(id, "stable", "not printed", what, Array(left), Array(right))


LOSS, ERROR, PROBABILITY, LOGARITHM, CENTRED = range(5)


def is_label(node: Expr) -> bool:
    """Whether it is a member of a set: an index, or an entry of a list."""
    return isinstance(node, Index | Indexed | Argmax)
