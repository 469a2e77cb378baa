"""Deliberate faults of the normal form, each a patch that is in force within a `with`.

Some were made by people: variable capture, a division that may be by zero, an index read as a
number. All must be found by the fuzzing.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from fractions import Fraction
from itertools import cycle
from typing import Any
from unittest.mock import patch

from derivations.proof import cancel, content, deltas, normal_form, sums, terms
from derivations.proof.context import Context
from derivations.proof.sums import Algebra

Patch = tuple[object, str, Any]
ONE = Fraction(1)


@dataclass(frozen=True)
class Mutant:
    """A fault: its name and what is put in the place of what."""

    name: str
    patches: tuple[Patch, ...]

    def planted(self) -> AbstractContextManager[object]:
        """The fault is in force inside this."""
        stack = ExitStack()
        normal_form.normal_form.cache_clear()
        stack.callback(normal_form.normal_form.cache_clear)
        for where, name, new in self.patches:
            stack.enter_context(patch.object(where, name, new))
        return stack


def _solved_unguarded(groups: Any, binders: Any, context: Context) -> Any:
    ranges = dict(binders)
    for group in groups:
        for index in sorted(group):
            for value in deltas._by_rank(group, {}):
                bound = index[0] == "v" and index[1] in ranges
                if bound and value != index and context.within(value, ranges[index[1]]):
                    return deltas.Solved(index[1], value)
    return None


def _any_number_is_within(self: Context, index: Any, extent: Any) -> bool:
    return index[0] == "n" or _within(self, index, extent)


def _one_of_few_names(self: Context, extent: Any) -> str:
    name = next(_FEW)
    self.ranges[name] = extent
    return name


def _all_differ(self: Context, left: Any, right: Any) -> bool:
    return bool(left != right)


def _none_among(self: Context, left: Any, right: Any) -> bool:
    return _differ(self, left, right) or (left[0] == "w") != (right[0] == "w")


def _unequal_by_half(self: Context, left: Any, right: Any) -> bool:
    known = set().union(*self.unequal)
    return _differ(self, left, right) or left in known or right in known


def _all_distinct(self: Context, conditions: Any, read: Any) -> None:
    _assume(self, conditions, read)
    self.distinct |= {"n", "near", "q", "next"}


def _distinct_drops_delta(equations: Any, context: Context) -> Any:
    """Two entries of a distinct list are never the same word."""
    for left, right in equations:
        entries = left[0] == right[0] == "w" and left[1] == right[1]
        if entries and left[1] in context.distinct:
            return None
    return _classes(equations, context)


def _delta_lost(self: Algebra, groups: Any, binders: Any, product: Any, q: Any) -> Any:
    result = _equated(self, groups, binders, product, q)
    if result is None and deltas.solved(groups, binders, self.context) is None:
        others = tuple(pair for pair in product if pair[0][0] != "d")
        return self.term(binders, others, q)
    return result


def _not_below_the_bar(self: Algebra, atom: Any, exponent: Any, values: Any) -> Any:
    return self.atom(atom, exponent) if atom[0] in "pl" else _replaced(self, atom, exponent, values)


def _idle_dropped(self: Algebra, binders: Any, product: Any, q: Any) -> Any:
    used = {name for atom, _ in product for name in terms.atom_names(atom)}
    return (((tuple(b for b in binders if b[0] in used), product), q),)


def _outer_names_only(term: Any, fresh: Any, inside: Any = {}) -> Any:
    binders, factors = term
    new = {**inside, **{name: fresh(extent) for name, extent in binders}}
    kept = tuple((new[name], extent) for name, extent in binders)
    return kept, tuple((_not_nested(atom, new), q) for atom, q in factors)


def _not_nested(atom: Any, new: Any) -> Any:
    if atom[0] not in "epl":
        return terms._renamed_atom(atom, None, new)  # type: ignore[arg-type]
    if atom[0] == "e":
        return ("e", _same_binders(atom[1], new))
    return (atom[0], tuple((_same_binders(term, new), q) for term, q in atom[1]))


def _same_binders(term: Any, new: Any) -> Any:
    return term[0], tuple((_not_nested(atom, new), q) for atom, q in term[1])


def _key_without_ranges(term: Any, levels: Any) -> Any:
    return ((), _term_key(term, levels)[1])


def _bound_names_alike(index: Any, levels: Any) -> Any:
    return ("b", 0) if index[0] == "v" and index[1] in levels else _index_key(index, levels)


def _factor_once_more(found: Any, kinds: str) -> Any:
    return tuple((atom, q + 1) for atom, q in _common_factor(found, kinds))


def _factor_of_some(found: Any, kinds: str) -> Any:
    """Bound atoms are taken out as if they were free."""
    with patch.object(content, "atom_names", lambda _: iter(())):
        return _common_factor(found, kinds)


def _sign_of_exponent(self: Algebra, found: Any) -> Any:
    return _exp(self, self.scale(found, -ONE) if len(found) > 2 else found)


def _one_over_coefficient(self: Algebra, found: Any) -> Any:
    result = _inverse(self, found)
    return ((result[0][0], ONE),) if len(result) == 1 else result


def _inverse_term_by_term(self: Algebra, found: Any) -> Any:
    return self.add(_inverse(self, (one,)) for one in found)


def _logarithm_without_number(self: Algebra, found: Any) -> Any:
    result = _log(self, found)
    return tuple(
        pair for pair in result if not (pair[0][1] and pair[0][1][0][0] == ("l", _two(self)))
    )


def _two(self: Algebra) -> Any:
    return self.constant(2)


def _first_remainder_lost(quotient: Any, atom: Any, chosen: Any, p: Any) -> Any:
    return _pieces(quotient, atom, chosen, p)[:1]


def _remainder_added(quotient: Any, atom: Any, chosen: Any, p: Any) -> Any:
    pieces = _pieces(quotient, atom, chosen, p)
    return [(term, rest, abs(q)) for term, rest, q in pieces]


def _any_tail(denominator: Any, inverted: Any) -> Any:
    """As it once was: the tail may vanish, and may be turned back for ever."""
    key = terms.atom_key(inverted, {})
    without = [
        (term, q)
        for term, q in denominator
        if all(terms.atom_key(atom, {}) != key for atom, _ in term[1])
    ]
    alone = len(without) == 1 < len(denominator) and not without[0][0][0]
    return without[0] if alone else None


def _like_terms_replaced(self: Algebra, parts: Any) -> Any:
    collected = {terms.term_key(term, {}): (term, q) for part in parts for term, q in part}
    return tuple(collected.values())


def _power_without_base(self: Algebra, base: Any, exponent: int) -> Any:
    return _power(self, base, -1 if exponent < -1 else exponent)


def _sums_of_all(lower: Any, upper: Any) -> Any:
    return ("1", "N") if str(upper) in {"N", "N - 1"} else _limits(lower, upper)


def _index_as_parameter(self: Any, node: Any, names: Any) -> Any:
    if isinstance(node, normal_form.NamedIndex):
        return self.algebra.atom(("s", node.name))
    return _read(self, node, names)


_FEW = cycle(("#1", "#2", "#3"))
_within, _differ, _assume = Context.within, Context.differ, Context.assume
_classes, _equated, _replaced = deltas.classes, Algebra._equated, Algebra._replaced
_term_key, _index_key = terms.term_key, terms.index_key
_common_factor, _pieces, _limits = content.common_factor, cancel._pieces, normal_form.limits
_exp, _inverse, _log, _power = Algebra.exp, Algebra.inverse, Algebra.log, Algebra.power
_read = normal_form._Reader.read
_yes: Callable[..., bool] = lambda *_: True  # noqa: E731
_no: Callable[..., bool] = lambda *_: False  # noqa: E731

MUTANTS: tuple[Mutant, ...] = (
    Mutant("bound names not made new when multiplying",
           ((sums, "renamed", lambda term, _: term),)),
    Mutant("only outer bound names made new when multiplying",
           ((sums, "renamed", _outer_names_only),)),
    Mutant("new names are not new", ((Context, "fresh", _one_of_few_names),)),
    Mutant("capture: b = t used where t depends on b", ((deltas, "solved", _solved_unguarded),)),
    Mutant("contraction without a look at the range", ((Context, "within", _yes),)),
    Mutant("every number is in range", ((Context, "within", _any_number_is_within),)),
    Mutant("a delta is not applied below the bar", ((Algebra, "_replaced", _not_below_the_bar),)),
    Mutant("a delta is dropped once used", ((Algebra, "_equated", _delta_lost),)),
    Mutant("conditions ignored", ((Context, "assume", lambda *_: None),)),
    Mutant("different names are taken to differ", ((Context, "differ", _all_differ),)),
    Mutant("no word is among those drawn", ((Context, "differ", _none_among),)),
    Mutant("a condition on one word holds against all", ((Context, "differ", _unequal_by_half),)),
    Mutant("draws are always distinct", ((Context, "assume", _all_distinct),)),
    Mutant("distinct entries differ even at one place",
           ((deltas, "classes", _distinct_drops_delta),)),
    Mutant("idle binder dropped without its size",
           ((Algebra, "_without_idle_binders", _idle_dropped),)),
    Mutant("key without ranges", tuple(
        (where, "term_key", _key_without_ranges) for where in (terms, sums, cancel))),
    Mutant("key with all bound names alike", ((terms, "index_key", _bound_names_alike),)),
    Mutant("like terms replace each other", ((Algebra, "add", _like_terms_replaced),)),
    Mutant("lead cancelled though its index occurs elsewhere",
           ((cancel, "atom_names", lambda _: iter(())),)),
    Mutant("remainder of a division lost", ((cancel, "_pieces", _first_remainder_lost),)),
    Mutant("remainder of a division added", ((cancel, "_pieces", _remainder_added),)),
    Mutant("any tail of a denominator divided by", ((cancel, "_tail", _any_tail),)),
    Mutant("common factor once too often", ((sums, "common_factor", _factor_once_more),)),
    Mutant("common factor under a binder", ((sums, "common_factor", _factor_of_some),)),
    Mutant("coefficient lost in an inverse", ((Algebra, "inverse", _one_over_coefficient),)),
    Mutant("inverse taken term by term", ((Algebra, "inverse", _inverse_term_by_term),)),
    Mutant("square of an inverse lost", ((Algebra, "power", _power_without_base),)),
    Mutant("division by what may be empty", ((sums, "may_vanish", _no),)),
    Mutant("exponential of a sum with the wrong sign", ((Algebra, "exp", _sign_of_exponent),)),
    Mutant("logarithm split without positivity", ((sums, "positive", _yes),)),
    Mutant("logarithm of a number lost", ((Algebra, "log", _logarithm_without_number),)),
    Mutant("part of a range taken for all of it", ((normal_form, "limits", _sums_of_all),)),
    Mutant("an index read as a parameter", ((normal_form._Reader, "read", _index_as_parameter),)),
)  # fmt: skip
