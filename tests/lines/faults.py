"""python -m tests.lines.faults: mistakes planted in the elaboration; do the random lines see them?

What the two meanings share is the tree that the reader makes. A mistake there is in both, and so in
every proof: only lines whose truth is known without the project can show it. For each mistake lines
of the family that meets it soonest are tried until a verdict is wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from derivations.indices import total
from derivations.language import tree
from derivations.language.data_conditions import Assumed
from derivations.language.functions import EXP, LOG
from derivations.reader.declare import arrays
from derivations.reader.elaborate import (
    applications,
    constructors,
    derivatives,
    environment,
    expectations,
    identifiers,
    indexing,
    juxtaposition,
    operators,
    piecewise,
)
from derivations.reader.scope import Named, Scope
from derivations.reader.syntax import Node
from tests.lines.campaign import Task, result, said
from tests.planting import Mutant, Replaced, table

Made = Callable[..., Any]
MOST = 400  # lines of a family that are tried for one mistake


def fault(meant: str, owner: object, name: str, wrong: Callable[[Made], Made]) -> Mutant:
    """A mistake: what ``owner`` calls ``name`` does what ``wrong`` makes of it."""
    return Mutant(meant, (Replaced(owner, name, wrong),))


def seen(mutant: Mutant, most: int = MOST, seed: int = 0) -> str | None:
    """The first line of its family with a wrong verdict, and which; None where there is none."""
    task = Task(seed, (mutant.seen_by,))
    with mutant.planted():
        for number in range(most):
            found = result(task, number, said)
            if found.wrong:
                return f"{mutant.seen_by:26}line {number + 1}: {found.said.verdict}"
    return None


# What goes wrong ----------------------------------------------------------------------------------


def _binds_nothing(binding: Made) -> Made:
    return lambda scope, name, variable: scope


def _leaks(summation: Made) -> Made:
    """A letter goes on to be bound behind its sum."""

    def wrong(node: Node, here: environment.Environment, *more: object) -> Any:
        found, inside = summation(node, here, *more)
        bound = {binder.letter: binder.variable for binder in found.binders}
        assert isinstance(here.scope.bound, dict)
        here.scope.bound.update(bound)
        return found, inside

    return wrong


def _ends_early(of: Made) -> Made:
    """A sum reaches over the first factor of its term only."""

    def wrong(summation: operators.Summation, body: tree.Term) -> tree.Term:
        if isinstance(body, tree.Times) and not body.left.shape:
            return tree.Times(of(summation, body.left), body.right)
        found: tree.Term = of(summation, body)
        return found

    return wrong


def _with(**fields: object) -> Callable[[Made], Made]:
    """The result with other values in some fields."""
    return lambda made: lambda *given: replace(made(*given), **fields)


def _with_all_members(summation: Made) -> Made:
    return lambda binders, where, *kind: summation(binders, (), *kind)


def _without_offset(placed: Made) -> Made:
    def wrong(*given: Any) -> Any:
        found = placed(*given)
        shifted = isinstance(found, tree.Offset) and found.of is not None
        return found.of if shifted else found

    return wrong


def _at_the_first(place: Made) -> Made:
    return lambda *given: None if place(*given) is None else tree.Numbered(1)


def _exchanged(entry: Made) -> Made:
    """The subscripts of a square matrix in the other order."""

    def wrong(of: tree.Term, at: tuple[tree.Member, ...]) -> Any:
        return entry(of, at[::-1] if _is_square(of) else at)

    return wrong


def _is_square(term: tree.Term) -> bool:
    return len(term.shape) == 2 and term.shape[0] == term.shape[1]


def _as_it_is(transposed: Made) -> Made:
    """A square matrix for its transpose."""
    return lambda value, node: value if _is_square(value) else transposed(value, node)


def _turned(times: Made) -> Made:
    """The factors of a product of square matrices in the other order."""

    def wrong(left: tree.Term, right: tree.Term, *more: object) -> Any:
        both = _is_square(left) and left.shape == right.shape
        return times(right, left, *more) if both else times(left, right, *more)

    return wrong


def _of_its_own_letter(picked: Made) -> Made:
    """A member of a family of vectors is the one of the letter it was declared with."""

    def wrong(thing: Named, node: Node, here: environment.Environment) -> Any:
        found = picked(thing, node, here)
        return thing.body if thing.letters and found.shape else found

    return wrong


def _underived(prime: Made) -> Made:
    def wrong(meaning: Any) -> tree.Definition:
        found: tree.Definition = prime(meaning)
        assert isinstance(found.body, tree.Derivative)
        return replace(found, body=found.body.of)

    return wrong


def _first_twice(at: Made) -> Made:
    """Every argument is the first one."""

    def wrong(meaning: Any, arguments: tuple[tree.Argument, ...]) -> Any:
        same = len({type(argument) for argument in arguments}) == 1
        return at(meaning, arguments[:1] * len(arguments) if same else arguments)

    return wrong


def _one_less(exponent_of: Made) -> Made:
    def wrong(node: Node, here: environment.Environment, **more: bool) -> int:
        found: int = exponent_of(node, here, **more)
        return found - 1 if found > 1 else found

    return wrong


def _plus_for_minus(terms: Made) -> Made:
    """Signs behind the second term are all plus."""

    def wrong(parts: list[tree.Term], node: Node, here: environment.Environment) -> Any:
        rest = [p.of if isinstance(p, tree.Negative) else p for p in parts[2:]]
        return terms([*parts[:2], *rest], node, here)

    return wrong


def _upside_down(over: Made) -> Made:
    def wrong(left: tree.Term, right: tree.Term, *given: Any) -> Any:
        plain = not left.shape and not constructors.is_zero(left)
        return over(right, left, *given) if plain else over(left, right, *given)

    return wrong


def _of_the_left(inner: Made) -> Made:
    return lambda left, right: inner(left, left)


def _without_it(condition: Made) -> Made:
    return lambda relation, here: None


def _of_one_sign(negative: Made) -> Made:
    return lambda of, **given: of


def _exponential_of_it(applied_to: Made) -> Made:
    def wrong(function: Any, argument: tree.Term, *given: Any) -> Any:
        return applied_to(EXP if function is LOG else function, argument, *given)

    return wrong


def _without_bars(applied_to: Made) -> Made:
    """|z| is z."""
    return lambda function, argument, *given: argument


def _of_a_square(applied_to: Made) -> Made:
    """The root of z^2 is z."""

    def wrong(function: Any, argument: tree.Term, *given: Any) -> Any:
        if isinstance(argument, tree.Power) and argument.exponent == 2:
            return argument.base
        return applied_to(function, argument, *given)

    return wrong


def _other_way(extremum: Made) -> Made:
    return lambda parts, least: extremum(parts, not least)


def _by_its_name(words: Any) -> Any:
    """One word of a catalogue stands for another function."""
    return {**words, "softplus": words["sigmoid"]}


def _said_of(**conditions: tuple[str, ...]) -> Callable[[Made], Made]:
    """A variable of which something else is said, whatever stands there."""

    def planted(declared: Made) -> Made:
        def wrong(scope: Scope, name: str, shape: tree.Shape, **said: Any) -> Any:
            square = len(shape) == 2 and shape[0] == shape[1] is not None
            changed = {**said, **conditions} if square else said
            return declared(scope, name, shape, **changed)

        return wrong

    return planted


def _trace(determinant: Made) -> Made:
    return tree.Trace


def _determinant(trace: Made) -> Made:
    return tree.Determinant


def _of_itself(inverse: Made) -> Made:
    def wrong(value: tree.Term, node: Node, here: environment.Environment) -> tree.Term:
        return value

    return wrong


def _one_more(added_up: Made) -> Made:
    def wrong(relation: Node, here: environment.Environment) -> Any:
        found = added_up(relation, here)
        return replace(found, value=found.value + 1)

    return wrong


def _turned_around(bounds: Made) -> Made:
    return lambda sign, bound: bounds(indexing.TURNED[sign], bound)


def _or_the_same(bounds: Made) -> Made:
    same = {"<": r"\le", ">": r"\ge"}
    return lambda sign, bound: bounds(same.get(sign, sign), bound)


def _with_sums(summation: Made) -> Made:
    return lambda binders, where, kind, tests: summation(binders, where, tests=tests)


def _first_factor(of: Made) -> Made:
    """A product reaches over the first factor of its term only."""

    def wrong(summation: operators.Summation, body: tree.Term) -> tree.Term:
        if summation.kind is tree.IndexedProduct and isinstance(body, tree.Times):
            return tree.Times(of(summation, body.left), body.right)
        found: tree.Term = of(summation, body)
        return found

    return wrong


def _the_first(numbered: Made) -> Made:
    """A member by its number is the first one."""
    return lambda *given: numbered(*given) and tree.Numbered(1)


def _of_columns(added_up: Made) -> Made:
    """What each row adds up to is said of each column."""

    def wrong(relation: Node, here: environment.Environment) -> Any:
        found = added_up(relation, here)
        others = {*found.total.function.indices} - {found.total.variables[0]}
        return replace(found, total=total(found.total.function, others.pop())) if others else found

    return wrong


def _itself(coordinate: Made) -> Made:
    return lambda assumed, key: key


def _of_none(left_over: Made) -> Made:
    return lambda assumed, key: None


def _turned_around_sides(less: Made) -> Made:
    return lambda left, right: less(right, left)


def _last_first(choice: Made) -> Made:
    return lambda tests, values: choice(tests, values[::-1])


def _first_everywhere(choice: Made) -> Made:
    return lambda tests, values: choice((), values[:1])


def _unweighed(weight: Made) -> Made:
    return lambda *given: []


def _and_itself(function_of_part: Made) -> Made:
    """A formula and the part that it is differentiated by, added."""

    def wrong(*given: Any) -> Any:
        term, variable = function_of_part(*given)
        if term.shape or variable.shape:
            return term, variable
        return tree.Plus((term, tree.Reference(variable))), variable

    return wrong


def _of_all(probability: Made) -> Made:
    """P(a | b) is P(a)."""
    return lambda found, *given: probability(replace(found, given=()), *given)


def _the_other_way(probability: Made) -> Made:
    """P(a | b) is P(b | a)."""

    def wrong(found: Any, *given: Any) -> Any:
        turned = replace(found, of=found.given, given=found.of) if found.given else found
        return probability(turned, *given)

    return wrong


def _where_it_does_not(tested: Made) -> Made:
    """A condition on a number that is one of two, negated."""

    def wrong(*given: Any) -> Any:
        found = tested(*given)
        return found and replace(found, negated=not found.negated)

    return wrong


def _to_the_end(between: Made) -> Made:
    """A range without the bound above it."""
    return lambda *given: replace(between(*given), upper=None)


def _in_itself(away: Made) -> Made:
    return lambda node, item: item


def _by_the_root(by_power: Made) -> Made:
    return lambda slope, *given: slope


_SQUARE_TURNED = fault("factors of a matrix product exchanged", constructors, "times", _turned)
_SQUARE_AS_IT_IS = fault("a square matrix is its transpose", identifiers, "transposed", _as_it_is)
_EXPONENT_TOO_SMALL = fault("an exponent is one too small", constructors, "exponent_of", _one_less)
_NOT_INVERTED = fault("an inverse is what is inverted", constructors, "inverse", _of_itself)
_COUNTS_ITSELF = fault(
    "a derivative by a name counts the name itself", derivatives, "function_of_part", _and_itself
)
SEEN_BY: dict[str, tuple[Mutant, ...]] = {
    "arbitrary functions": (
        fault("a sum does not bind its letter", Scope, "binding", _binds_nothing),
        fault("a sum ends behind its first factor", operators.Summation, "of", _ends_early),
        fault(
            "the = of an indicator is read as \\ne", piecewise, "comparison", _with(negated=True)
        ),
        fault("f' is f", applications, "prime", _underived),
        fault("every argument is the first", applications, "_at", _first_twice),
    ),
    "shadowed letters": (
        fault("a letter goes on to be bound behind its sum", operators, "summation", _leaks),
    ),
    "index sums": (
        fault("what a sum leaves out is forgotten", operators, "Summation", _with_all_members),
        fault("\\ne is read as =", operators, "comparison", _with(negated=False)),
        fault("every entry of a list is its first", indexing, "_place", _at_the_first),
        fault("the conditions of a line are forgotten", indexing, "_condition", _without_it),
        fault(
            "a member of a family is that of its letter", identifiers, "picked", _of_its_own_letter
        ),
        fault("signs behind the second term are plus", constructors, "plus", _plus_for_minus),
        fault("a minus is dropped", juxtaposition, "Negative", _of_one_sign),
    ),
    "conditions and ranges": (
        fault(
            "the bounds of a sum are forgotten",
            operators,
            "_between",
            _with(lower=None, upper=None),
        ),
        fault("the lower bound is forgotten", operators, "_between", _with(lower=None)),
        fault("the upper bound is forgotten", operators, "_between", _with(upper=None)),
        fault("x_{i+1} is read as x_i", indexing, "_placed", _without_offset),
        fault("an order of members is turned around", operators, "ordered_bounds", _turned_around),
        fault("i < j is read as i <= j", operators, "ordered_bounds", _or_the_same),
    ),
    "matrix algebra": (
        fault("subscripts of a square matrix exchanged", identifiers, "_entry", _exchanged),
        _SQUARE_AS_IT_IS,
        _SQUARE_TURNED,
        fault("u . v is u . u", constructors, "InnerProduct", _of_the_left),
        fault(
            "every square matrix is symmetric", arrays, "_declared", _said_of(kinds=("symmetric",))
        ),
    ),
    "functions": (
        fault("log is exp", applications, "applied_to", _exponential_of_it),
        _EXPONENT_TOO_SMALL,
        fault("a quotient stands upside down", constructors, "over", _upside_down),
    ),
    "elementary functions": (
        fault("|z| is z", juxtaposition, "applied_to", _without_bars),
        fault("the root of a square is what is squared", juxtaposition, "applied_to", _of_a_square),
        fault("max is min", applications, "Extremum", _other_way),
        fault("softplus is the logistic function", applications, "WORDS", _by_its_name),
    ),
    "cases by size": (
        fault("z > 0 is read as z < 0", piecewise, "less", _turned_around_sides),
        fault("the first case is the last one", piecewise, "Choice", _last_first),
        fault("cases are there where they are not", piecewise, "Choice", _first_everywhere),
    ),
    "declared conditions": (
        fault("no matrix is symmetric", arrays, "_declared", _said_of(kinds=())),
        fault("two entries of a symmetric matrix differ", Assumed, "coordinate", _itself),
        fault("entries add up to one more than is said", indexing, "_added_up", _one_more),
        fault("entries that add up are all free", Assumed, "left_over", _of_none),
        fault("columns add up to what rows do", indexing, "_added_up", _of_columns),
        fault("x_2 is read as x_1", indexing, "_numbered", _the_first),
    ),
    "products": (
        fault("a product over a range is a sum", operators, "Summation", _with_sums),
        fault("a product ends behind its first factor", operators.Summation, "of", _first_factor),
    ),
    "subsets": (
        fault(
            "a sum over a subset runs over all members", operators, "_of_subset", _with(where=())
        ),
    ),
    "traces and determinants": (
        fault("a determinant is a trace", constructors, "Determinant", _trace),
        fault("a trace is a determinant", constructors, "Trace", _determinant),
        _NOT_INVERTED,
    ),
    "means": (
        fault("an expectation does not weigh", expectations, "_weight", _unweighed),
        fault("a variance is the mean of squares", expectations, "_away", _in_itself),
        _EXPONENT_TOO_SMALL,
    ),
    "chains": (_COUNTS_ITSELF,),
    "probabilities": (
        fault("P(a | b) is P(a)", juxtaposition, "probability", _of_all),
        fault("P(a | b) is P(b | a)", juxtaposition, "probability", _the_other_way),
    ),
    "recurrences": (_COUNTS_ITSELF,),
    "inverses": (_NOT_INVERTED, _SQUARE_AS_IT_IS, _SQUARE_TURNED),
    "classes": (
        fault("a sum is over what it leaves out", operators, "tested", _where_it_does_not),
    ),
    "prefixes": (fault("a range goes to the end of its set", operators, "_between", _to_the_end),),
    "squares": (fault("by s^2 is by s", derivatives, "by_power", _by_the_root),),
}
FAULTS = tuple(
    replace(mutant, seen_by=family) for family, mutants in SEEN_BY.items() for mutant in mutants
)


def main(arguments: Sequence[str] | None = None) -> int:
    """0 if every mistake is seen, 1 if one is not."""
    parser = argparse.ArgumentParser(prog="python -m tests.lines.faults", description=__doc__)
    parser.add_argument("--most", type=int, default=MOST, help=f"lines for each ({MOST})")
    parser.add_argument("--seed", type=int, default=0, help="which lines are drawn (0)")
    options = parser.parse_args(arguments)
    return 1 if table(FAULTS, lambda each: seen(each, options.most, options.seed)) else 0


if __name__ == "__main__":
    sys.exit(main())
