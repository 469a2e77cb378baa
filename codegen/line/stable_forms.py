"""Stable forms of an expression: softmaxes by a leader, and rows of the table of functions.

Quotients of exponentials and their sums: found in an expression, and taken by a leader.

A softmax is found by its form, exp(s(w)) / sum over j of exp(s(j)), whatever the scores s are and
whoever named it. Its forms are those of `derivations.language.index_nodes` of these scores,
relative to the leading one; that they are equal to what was written is judged for each softmax
anew.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import count
from keyword import iskeyword
from unicodedata import combining, name, normalize

from sympy import Add, Expr, Indexed, IndexedBase, KroneckerDelta, Mul, Pow, S, Sum, exp, log

from codegen.kernel import Argmax, argmax
from codegen.line.proved_line import TANH, Refusal, require_proved, require_row
from codegen.matching import match, same_function
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
from derivations.word2vec.losses import sigma


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


# An expression rewritten by the rows of the table and by the forms of softmaxes.
#
# Definitions stay folded, so that steps keep their names: each becomes a definition of the same
# name with its body rewritten. What a rule looks for is looked for inside them as well. A rule
# says which claim it rewrites by, and that claim is judged before it does; the emitted text is
# compared with the line as it was written, whatever was rewritten here.


_SPELLED = {"LAMDA": "LAMBDA", "CIRCUMFLEX ACCENT": "HAT", "MACRON": "BAR", "OVERLINE": "BAR"}


def identifier(printed: str, taken: Collection[str]) -> str:
    """A name that is not taken: Greek letters and accents spelled out, signs left out."""
    words: list[str] = []
    word = ""
    for sign in normalize("NFD", printed):
        if sign.isascii() and sign.isalnum():
            word += sign
            continue
        words, word = [*words, word], ""
        if sign in ("'", "′"):
            words.append("prime")
        elif combining(sign) or sign.isalpha():
            words.append(_spelled(sign))
    stem = "_".join(one for one in (*words, word) if one) or "x"
    stem = f"x_{stem}" if stem[0].isdigit() else stem
    stem = f"{stem}_" if iskeyword(stem) else stem
    numbered = (stem if n == 1 else f"{stem}_{n}" for n in count(1))
    return next(one for one in numbered if one not in taken)


def _spelled(sign: str) -> str:
    """The name of a letter or of an accent, a capital letter with a capital."""
    full = name(sign, "")
    kind, _, own = full.rpartition("LETTER ")
    own = own if kind else full.removeprefix("COMBINING ")
    own = _SPELLED.get(own, own).lower().replace(" ", "_").replace("-", "_")
    return own.capitalize() if "CAPITAL" in kind else own


@dataclass
class Stable:
    """Rewrites expressions; ``rows`` are the rows of the table that it rewrote by."""

    softmaxes: Softmaxes = field(default_factory=Softmaxes)
    rows: dict[str, str] = field(default_factory=dict)
    kinds: dict[type[Defined], type[Defined]] = field(default_factory=dict)

    def __call__(self, node: Expr) -> Expr:
        """The same value, by forms that keep their digits."""
        if isinstance(node, Mul):
            found = quotient(node, self.softmaxes)
            if found is not None:
                rest, leading, member = found
                self.softmaxes.use(leading, PROBABILITY)
                return self(rest) * leading.probability(*leading.given, member)
        if isinstance(node, log) and (sum_of := self.softmaxes.of_sum(_head(node.args[0]))):
            self.softmaxes.use(sum_of, LOGARITHM)
            return sum_of.lse
        if isinstance(node, Defined):
            return self._defined(node)
        if isinstance(node, Sum):
            number, summand = self(node.function).as_coeff_Mul()
            return number * node.func(summand, *node.limits)
        if isinstance(node, Add):
            together = self._log_less_score(node)
            if together is not None:
                return self(together)
        if isinstance(node, Add | Mul | Pow | exp | log):
            node = node.func(*map(self, node.args))
        return self._by_rows(node)

    def _row(self, name: str, new: Expr) -> Expr:
        self.rows[name] = require_row(name)
        return new

    def _defined(self, node: Defined) -> Expr:
        kind: type[Defined] = node.func
        if kind in (sigma, TANH) or self.softmaxes.of_kind(node) is not None:
            return node
        if same_function(kind, sigma):
            return sigma(*map(self, node.args))
        if kind not in self.kinds:
            name, body = identifier(kind.__name__, ()), self(kind.body)
            changed = (name, body) != (kind.__name__, kind.body)
            self.kinds[kind] = define(name, kind.shown, kind.params, body) if changed else kind
        return self.kinds[kind](*(self(one) if not one.is_integer else one for one in node.args))

    def _by_rows(self, node: Expr) -> Expr:
        if isinstance(node, Pow):
            return self._power(node)
        if isinstance(node, Mul):
            return self._product(node)
        if isinstance(node, log):
            return self._log(node)
        if isinstance(node, Add):
            return self._sum(node)
        return node

    def _power(self, node: Pow) -> Expr:
        base, power = _head(node.base), node.exp
        if not (power.is_Integer and power < 0 and isinstance(base, Add) and len(base.args) == 2):
            return node
        one, other = base.args if base.args[0] == 1 else base.args[::-1]
        if one == 1 and isinstance(other, exp):
            return self._row("sigmoid", sigma(-other.args[0]) ** -power)
        return node

    def _product(self, node: Mul) -> Expr:
        for exponential in node.args:
            if not isinstance(exponential, exp):
                continue
            rest = Mul(*(one for one in node.args if one is not exponential))
            for factor in Mul.make_args(rest):
                base, power = factor.as_base_exp()
                inside = _sigmoid_of(base)
                if inside is not None and power.is_Integer and power > 0:
                    for times in range(1, int(power) + 1):
                        if exponential.args[0] == -times * inside:
                            kept = rest / base**times * sigma(-inside) ** times
                            return self._row("sigmoid-times-exp", self._by_rows(kept))
        return self._tanh_of_exps(node)

    def _tanh_of_exps(self, node: Mul) -> Expr:
        for below in node.args:
            if not isinstance(below, Pow) or below.exp != -1:
                continue
            pair = _exps(_head(below.base))
            for above in node.args:
                if pair and _exps(_head(above), differ=True) == pair:
                    rest = Mul(*(one for one in node.args if one not in (below, above)))
                    return self._row("tanh-of-exps", rest * TANH(pair))
        return node

    def _log(self, node: log) -> Expr:
        inside = _head(node.args[0])
        if isinstance(inside, Add) and len(inside.args) == 2 and S.One in inside.args:
            other = next(one for one in inside.args if one != 1)
            if isinstance(other, exp):
                return self._row("log-one-and-exp", -log(sigma(-other.args[0])))
        found = self._probability(node.args[0])
        if found is not None:
            self.softmaxes.use(found.leading, LOSS)
            return -found.at(found.leading.forms.lag, found.member, found.top)
        score = _sigmoid_of(inside)
        return node if score is None else log(sigma(score))

    def _log_less_score(self, node: Add) -> Expr | None:
        """A logarithm of a sum of exponentials less a score: minus a logarithm of a probability."""
        for first in node.args:
            number, core = first.as_coeff_Mul()
            inside = _head(core)
            if not isinstance(inside, log):
                continue
            leading = self.softmaxes.of_sum(_head(inside.args[0]))
            if leading is None:
                continue
            for second in node.args:
                member = leading.member_of(-second / number)
                if member is not None:
                    self.softmaxes.use(leading, LOSS)
                    rest = Add(*(one for one in node.args if one not in (first, second)))
                    return number * leading.at(leading.forms.lag, member, leading.top) + rest
        return None

    def _sum(self, node: Add) -> Expr:
        for rule in (self._complement, self._errors, self._centred):
            found = rule(node)
            if found is not None:
                return self._sum(found) if isinstance(found, Add) else found
        return node

    def _complement(self, node: Add) -> Expr | None:
        """A number with a multiple of a function that is near 1 somewhere: c - c f."""
        for number in node.args:
            if not number.is_Rational or number == 0:
                continue
            for term in node.args:
                new = None if term is number else self._less(number, term)
                if new is not None:
                    return Add(new, *(one for one in node.args if one not in (number, term)))
        return None

    def _less(self, number: Expr, term: Expr) -> Expr | None:
        times, core = term.as_coeff_Mul()
        score = _sigmoid_of(core)
        if score is not None and times == -number:
            return self._row("complement", number * sigma(-score))
        if score is not None and times == -2 * number:
            return self._row("tanh", number * TANH(-score / 2))
        base, power = core.as_base_exp()
        inside = _head(base)
        if power == 2 and times == -number and isinstance(inside, TANH):
            z = inside.args[0]
            return self._row("tanh-slope", 4 * number * sigma(2 * z) * sigma(-2 * z))
        found = self._probability(core)
        if found is not None and times == -number:
            self.softmaxes.use(found.leading, ERROR)
            own = found.at(found.leading.forms.error, found.member, found.top, found.member)
            return -number * own
        return None

    def _errors(self, node: Add) -> Expr | None:
        """A probability less a delta of its member, whatever both are multiplied by."""
        for first in node.args:
            for factor in Mul.make_args(first):
                found = self._probability(factor)
                if found is None:
                    continue
                rest = first / factor
                for second in node.args:
                    place = None if second is first else _delta(second, -rest, found.member)
                    if place is not None:
                        self.softmaxes.use(found.leading, ERROR)
                        error = found.at(found.leading.forms.error, place, found.top, found.member)
                        kept = (one for one in node.args if one not in (first, second))
                        return Add(rest * error, *kept)
        return None

    def _centred(self, node: Add) -> Expr | None:
        """A number less its mean under a softmax: both less the number at the leading member.

        Where one probability is nearly 1 the mean is nearly the number there, and the difference
        loses its digits; the differences to that number do not, as its own is zero.
        """
        for mean in node.args:
            number, core = mean.as_coeff_Mul()
            outside = Mul(*(one for one in Mul.make_args(core) if not isinstance(one, Sum)))
            whole = [one for one in Mul.make_args(core) if isinstance(one, Sum)]
            if len(whole) != 1 or len(whole[0].limits) != 1:
                continue
            index = whole[0].limits[0][0]
            for factor in Mul.make_args(whole[0].function):
                found = self._probability(factor)
                if found is None or found.member != index:
                    continue
                rest = whole[0].function / factor
                if index not in rest.free_symbols or index in found.top.free_symbols:
                    continue
                for term in node.args:
                    kept = None if term is mean else self._at(rest, index, -term / number / outside)
                    if kept is None:
                        continue
                    at_top = substitute(rest, {index: found.top})
                    self.softmaxes.use(found.leading, CENTRED)
                    moved = total(factor * (rest - at_top), index)
                    centred = _centred_at(kept - at_top - moved)
                    others = (one for one in node.args if one not in (mean, term))
                    return Add(-number * outside * centred, *others)
        return None

    def _at(self, rest: Expr, index: Index, term: Expr) -> Expr | None:
        """The term, if it is what is summed at one member."""
        inner = Mul(*(one for one in Mul.make_args(rest) if index in one.free_symbols))
        fixed = rest / inner
        return term if match(inner, term / fixed, [index]) is not None else None

    def _probability(self, node: Expr) -> _Probability | None:
        """The softmax and the member that a node is the probability of."""
        while isinstance(node, Defined):
            leading = self.softmaxes.of_kind(node)
            if leading is not None:
                *given, member = node.args
                return _Probability(leading, tuple(given), member)
            node = node.opened
        return None


@dataclass(frozen=True)
class _Probability:
    """One entry of a softmax, beside some given members."""

    leading: Leading
    given: tuple[Expr, ...]
    member: Expr

    @property
    def top(self) -> Expr:
        """The member whose score is largest."""
        return self.leading.leader(*self.given)

    def at(self, kind: type[Defined], *members: Expr) -> Expr:
        """One of the forms."""
        return kind(*self.given, *members)


def _centred_at(body: Expr) -> Expr:
    """A number less a mean under a name, so that it is not taken for one again."""
    letters = tuple(sorted(free_indices(body), key=str))
    return define("centred", "centred", letters, body)(*letters)


def _head(node: Expr) -> Expr:
    """What a definition stands for, down to a function of the table."""
    while isinstance(node, Defined) and not isinstance(node, sigma | TANH):
        node = node.opened
    return node


def _sigmoid_of(node: Expr) -> Expr | None:
    head = _head(node)
    return head.args[0] if isinstance(head, sigma) else None


def _exps(node: Expr, *, differ: bool = False) -> Expr | None:
    """The z of exp(z) + exp(-z), or of their difference."""
    if not isinstance(node, Add) or len(node.args) != 2:
        return None
    for first, second in (node.args, node.args[::-1]):
        other = -second if differ else second
        if isinstance(first, exp) and isinstance(other, exp):
            z = first.args[0]
            if other.args[0] == -z and (differ or not z.could_extract_minus_sign()):
                return z
    return None


def _delta(term: Expr, rest: Expr, member: Expr) -> Expr | None:
    """The place that a delta compares the member with, in a delta times ``rest``."""
    for factor in Mul.make_args(term):
        head = _head(factor)
        compares = isinstance(head, KroneckerDelta) and member in head.args
        if compares and term / factor == rest:
            return next(one for one in head.args if one != member)
    return None
