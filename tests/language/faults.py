"""Mistakes in the text of one of the two meanings, and which guard sees each.

``python -m tests.language.faults [terms]``: both meanings are compared, on random terms and on
written ones. The first column is the number of the random term on which they first differ, or says
that a written one is needed; the second is the first value by hand that is wrong (of meaning two).
The exit status is 1 if the two meanings alone let a fault pass, or differ without one.
"""

from __future__ import annotations

import argparse
import sys
from fractions import Fraction
from functools import cache
from random import Random
from types import ModuleType

import numpy as np

from derivations.language import direct, index_form, tree
from derivations.language.functions import ABOVE
from derivations.language.tree import Term
from derivations.proof.evaluate import Instance
from tests.language import test_functions, test_index_form
from tests.language.terms import (
    INSTANCES,
    ROWS,
    Form,
    Outcome,
    compared,
    compared_with,
    form_of,
    made,
    value,
)
from tests.language.test_direct import BY_HAND
from tests.planting import Mutant, Rewritten, module_with, table


def _in_direct(meant: str, right: str, wrong: str) -> Mutant:
    return Mutant(meant, (Rewritten(direct.__name__, right, wrong, once=True),))


def _in_index_form(meant: str, right: str, wrong: str) -> Mutant:
    return Mutant(meant, (Rewritten(index_form.__name__, right, wrong, once=True),))


IN_DIRECT = (
    # Functions
    _in_direct(
        "the greatest is the least",
        "return right if sign == (-1 if least else 1) else left",
        "return right if sign == (1 if least else -1) else left",
    ),
    _in_direct(
        "the first of two is the greatest",
        "return right if sign == (-1 if least else 1) else left",
        "return left",
    ),
    # Cases
    _in_direct(
        "the last case that holds, and not the first",
        "for conditions, value in zip(term.conditions, term.values, strict=False):",
        "for conditions, value in [*zip(term.conditions, term.values, strict=False)][::-1]:",
    ),
    _in_direct(
        "a case under its first condition alone",
        "            if self._meets(conditions, env):\n                return value",
        "            if self._meets(conditions[:1], env) and len(term.values) < 3:\n"
        "                return value",
    ),
    _in_direct(
        "the first case for all others",
        "                return value\n        return term.values[-1]",
        "                return value\n        return term.values[0]",
    ),
    _in_direct(
        "a value is chosen whether its test holds or not",
        "half)) > 0:",
        "half)) > -2:",
    ),
    _in_direct(
        "the first value where no test holds",
        'raise NoValue("cases of which none holds")\n        return term.values[-1]',
        'raise NoValue("cases of which none holds")\n        return term.values[0]',
    ),
    # Products over ranges
    _in_direct(
        "a product over nothing is zero",
        "result = self.domain.constant(1)\n        for value in values:",
        "values = [*values]\n        result = self.domain.constant(int(bool(values)))\n"
        "        for value in values:",
    ),
    _in_direct(
        "a product over a range without its first factor",
        "return self._multiplied(self._number(body, inner) for inner in found)",
        "return self._multiplied(self._number(body, inner) for inner in [*found][1:])",
    ),
    _in_direct(
        "the first over a range is the greatest",
        "return reduce(partial(self._further, term.least), values)",
        "return values[0]",
    ),
    # Matrices
    _in_direct(
        "a square matrix is its own transpose",
        "return self._transposed(self._rows(of, env), of.shape)",
        "rows = self._rows(of, env)\n"
        "                return rows if of.shape[0] == of.shape[1] else "
        "self._transposed(rows, of.shape)",
    ),
    _in_direct(
        "a square factor of a product is transposed",
        "columns = self._transposed(self._rows(right, env), right.shape)",
        "rows = self._rows(right, env)\n"
        "        square = right.shape[0] == right.shape[1]\n"
        "        columns = rows if square else self._transposed(rows, right.shape)",
    ),
    _in_direct(
        "a product of square matrices the other way round",
        "columns = self._transposed(self._rows(right, env), right.shape)",
        "if left.shape == right.shape:\n"
        "            left, right = right, left\n"
        "        columns = self._transposed(self._rows(right, env), right.shape)",
    ),
    _in_direct(
        "the last summand of a product is lost",
        "return self._added(map(self.domain.multiply, left, right))",
        "return self._added(map(self.domain.multiply, left[:-1] or left, right))",
    ),
    _in_direct(
        "an inner product of the first rows alone",
        "return self._added(self._dot(row, other) for row, other in pairs)",
        "return self._added(self._dot(row, other) for row, other in [*pairs][:1])",
    ),
    _in_direct(
        "an entry of a square matrix with its members exchanged",
        "row, column = self._position(term.shape, at)\n        return rows[row][column]",
        "row, column = self._position(term.shape, at)\n"
        "        return rows[column][row] if term.shape[0] == term.shape[1] else rows[row][column]",
    ),
    _in_direct(
        "the first row, whichever is asked for",
        "row = self._rows(of, env)[self.sets.position(space, member)]",
        "row = self._rows(of, env)[0 * self.sets.position(space, member)]",
    ),
    _in_direct(
        "columns written beside one another as rows",
        "if not term.as_columns:\n            return cells",
        "if not term.as_columns or len(cells) == len(self._axis(term.shape, 0)):\n"
        "            return cells",
    ),
    _in_direct(
        "a square table with its axes exchanged",
        "[body(inner) for inner in self._along(column, outer)] for outer in self._along(row, env)",
        "[body(inner) for inner in self._along(row, outer)] for outer in self._along(column, env)",
    ),
    _in_direct("ones above the diagonal of an identity", "one if n == m", "one if n <= m"),
    _in_direct(
        "entry by entry, the left array alone",
        "return _paired(domain.multiply, self._rows(left, env), self._rows(right, env))",
        "return self._rows(left, env)",
    ),
    _in_direct(
        "an array typed in index notation with its axes exchanged",
        "return [[value(array.entry, {**i, **j}) for j in along(1)] for i in along(0)]",
        "return [[value(array.entry, {**i, **j}) for j in along(0)] for i in along(1)]",
    ),
    # Sums, conditions, members
    _in_direct(
        "a sum up to a bound leaves the bound out",
        "members = range(lower, upper + 1)\n        for member in members",
        "members = range(lower, upper)\n        for member in members",
    ),
    _in_direct(
        "a sum from a bound starts at the beginning",
        "lower = self.sets.end(space.lower) if low is None else self._whole(low, env)",
        "lower = self.sets.end(space.lower)",
    ),
    _in_direct(
        "a sum up to a bound goes to the end",
        "upper = self.sets.end(space.upper) if high is None else self._whole(high, env)",
        "upper = self.sets.end(space.upper)",
    ),
    _in_direct(
        "the conditions of a sum are forgotten",
        "if self._meets(term.where, inner):",
        "if True:",
    ),
    _in_direct(
        "a comparison that is negated counts as it stands", "same == each.negated", "not same"
    ),
    _in_direct(
        "the first comparison decides",
        "        for each in conditions:\n            try:",
        "        for each in conditions[:1]:\n            try:",
    ),
    _in_direct(
        "a bound letter is looked up by its name",
        "found = env.members.get(member, self.instance.indices.get(member.name))",
        "found = self.instance.indices.get(member.name, env.members.get(member))",
    ),
    _in_direct(
        "an offset goes the other way", "return start + self._whole", "return start - self._whole"
    ),
    _in_direct("an offset is forgotten", "return start + self._whole(by, env)", "return start"),
    _in_direct(
        "a list is read at its first place",
        "place = (self._member(at, env),)",
        "place = (1,) if self._member(at, env) > 0 else (self._member(at, env),)",
    ),
    _in_direct(
        "a member as a number counts from zero",
        "case tree.IndexNumber(member):\n"
        "                return domain.constant(self._member(member, env))",
        "case tree.IndexNumber(member):\n"
        "                return domain.constant(self._member(member, env) - 1)",
    ),
    _in_direct(
        "a size is one less than it is",
        "return domain.constant(self.sets.size(name))",
        "return domain.constant(self.sets.size(name) - 1)",
    ),
    _in_direct(
        "a factor of one ends a product",
        "any(_is_count(each) and self._whole(each, env) == 0 for each in _factors(number))",
        "any(_is_count(each) and self._whole(each, env) == 1 for each in _factors(number))",
    ),
    # Arithmetic
    _in_direct(
        "a minus before an array is forgotten",
        "return _each(self._negative, self._rows(of, env))",
        "return self._rows(of, env)",
    ),
    _in_direct(
        "a minus before a number is forgotten",
        "return self._negative(self._number(of, env))",
        "return self._number(of, env)",
    ),
    _in_direct(
        "a sum of arrays is its first part",
        "for part in parts[1:]:\n                    result = _paired",
        "for part in parts[2:]:\n                    result = _paired",
    ),
    _in_direct(
        "a quotient multiplies", "self.domain.power(under, -1)", "self.domain.power(under, 1)"
    ),
    _in_direct(
        "a power of each entry is one too high",
        "_each(lambda each: domain.power(each, exponent)",
        "_each(lambda each: domain.power(each, exponent + 1)",
    ),
    _in_direct(
        "an array over a number by the number's square",
        "return _each(lambda each: self._quotient(each, number), self._rows(over, env))",
        "return _each(lambda each: self._quotient(self._quotient(each, number), number), "
        "self._rows(over, env))",
    ),
    # Definitions and functions
    _in_direct(
        "a call remembers nothing of its arguments",
        "key = (definition, tuple(inner.members.values()))",
        "key = (definition, ())",
    ),
    _in_direct(
        "an entry of a definition remembers nothing of where it is",
        "key = (call.definition, (*inner.members.values(), *at))",
        "key = (call.definition, (*inner.members.values(),))",
    ),
    _in_direct(
        "arguments are read where the definition stands",
        "values[parameter] = self._argument(argument, env)",
        "values[parameter] = self._argument(argument, Env(env.members))",
    ),
    _in_direct(
        "a definition at each entry is taken at its square",
        "return self._number(definition.body, Env({}, {parameter: [[value]]}))",
        "return self._number(definition.body, Env({}, "
        "{parameter: [[self.domain.multiply(value, value)]]}))",
    ),
    _in_direct(
        "an arbitrary function forgets its labels",
        "Application(term.function.name, (*labels, *entries), written=written)",
        "Application(term.function.name, (*[1 for _ in labels], *entries), written=written)",
    ),
    _in_direct(
        "an arbitrary function takes matrices column by column",
        "entries = [tuple(entry for row in rows for entry in row) for rows in arrays]",
        "entries = [tuple(entry for row in zip(*rows) for entry in row) for rows in arrays]",
    ),
    _in_direct(
        "an elementary function of each entry is another one",
        "return _each(lambda each: function.value(domain, each), self._rows(of, env))",
        "return _each(self.domain.exp, self._rows(of, env))",
    ),
    # Derivatives
    _in_direct(
        "what was evaluated before varies as well",
        "values = {each: _each(dual.lifted, rows) for each, rows in env.values.items()}",
        "values = {each: _each(dual.varying, rows) for each, rows in env.values.items()}",
    ),
    _in_direct(
        "a parameter does not vary under its own derivative",
        "values[variable][row][column] = dual.varying(env.values[variable][row][column])",
        "values[variable][row][column] = dual.lifted(env.values[variable][row][column])",
    ),
    _in_direct(
        "all entries of a parameter vary together",
        "values[variable][row][column] = dual.varying(env.values[variable][row][column])",
        "values[variable] = _each(dual.varying, env.values[variable])",
    ),
    _in_direct(
        "a variable of the same place varies beside a parameter",
        "dual, inner = self._dual(None if variable in env.values else key)",
        "dual, inner = self._dual(('a', ()) if variable in env.values else key)",
    ),
    _in_direct(
        "a gradient by a square matrix is transposed",
        "[self._tangent(of, variable, (*fixed, *i, *j), env) for j in self._axis(by.shape, 1)]",
        "[self._tangent(of, variable, (*j, *i) if by.shape[0] == by.shape[1] else (*fixed, *i, *j),"
        " env) for j in self._axis(by.shape, 1)]",
    ),
    _in_direct(
        "an inverse is transposed",
        "kept = ([n for n in every if n != j], [n for n in every if n != i])",
        "kept = ([n for n in every if n != i], [n for n in every if n != j])",
    ),
    _in_direct(
        "cofactors have no signs",
        "signed = self._negative(minor) if (i + j) % 2 else minor",
        "signed = minor",
    ),
    _in_direct(
        "every matrix of a family is the first",
        "return self._slice(variable, self._member(member, env))",
        "return self._slice(variable, 1)",
    ),
    _in_direct(
        "a trace is along the first column",
        "return self._added(row[n] for n, row in enumerate(rows))",
        "return self._added(row[0] for n, row in enumerate(rows))",
    ),
    _in_direct(
        "a determinant is a permanent",
        "return self._negative(value) if place % 2 else value",
        "return value",
    ),
    _in_direct(
        "an inverse is not divided by the determinant",
        "return self.domain.multiply(signed, over)",
        "return signed",
    ),
    _in_direct(
        "a derivative is by the first entry",
        "return variable, tuple(self._member(each, env) for each in members)",
        "return variable, tuple(1 for _ in members)",
    ),
    _in_direct(
        "a derivative by a row is by the first row",
        "return variable, (self._member(member, env),)",
        "return variable, (1,)",
    ),
    _in_direct(
        "pairs are remembered by the variable alone",
        "        if by not in self.duals:\n"
        "            dual = Dual(self.domain, by)\n"
        "            self.duals[by] = (dual, Direct(self.instance, dual, self.sets))\n"
        "        return self.duals[by]",
        "        name = None if by is None else (by[0], ())\n"
        "        if name not in self.duals:\n"
        "            dual = Dual(self.domain, by)\n"
        "            self.duals[name] = (dual, Direct(self.instance, dual, self.sets))\n"
        "        return self.duals[name]",
    ),
)


IN_INDEX_FORM = (
    _in_index_form(
        "the greatest of two is their mean",
        "return (left + right + AbsoluteValue(left - right)) / 2",
        "return (left + right) / 2",
    ),
    _in_index_form(
        "the least is the greatest",
        "return (left + right - AbsoluteValue(left - right)) / 2",
        "return (left + right + AbsoluteValue(left - right)) / 2",
    ),
    _in_index_form(
        "a case counts though one before it holds",
        "result += others * holds * self.entry(value, at, scope)",
        "result += holds * self.entry(value, at, scope)",
    ),
    _in_index_form("what is left counts always", "return result + others *", "return result +"),
    _in_index_form(
        "the least over a range is the greatest",
        "sign = -1 if term.least else 1",
        "sign = 1",
    ),
    _in_index_form(
        "the value of a test that fails",
        "result = Selected(test, value, result)",
        "result = Selected(1 - test, value, result)",
    ),
    _in_index_form(
        "bound indices keep the names they came with",
        "index = Index(self.names.fresh(space, hint, scope.taken), space)",
        "index = Index(hint or 'i', space)",
    ),
    _in_index_form(
        "a name that was chosen is not taken",
        "return index, scope.naming(index.name)",
        "return index, scope",
    ),
    _in_index_form(
        "a transpose is forgotten",
        "return self.entry(of, at[::-1], scope)",
        "square = of.shape and of.shape[0] == of.shape[1]\n"
        "                return self.entry(of, at if square else at[::-1], scope)",
    ),
    _in_index_form(
        "a product of square matrices has its factors exchanged",
        "left = self.entry(term.left, (row, inner), scope)\n",
        "if term.left.shape == term.right.shape:\n"
        "            row, column = column, row\n"
        "        left = self.entry(term.left, (row, inner), scope)\n",
    ),
    _in_index_form(
        "the sum of a product is forgotten",
        "return summand if inner is None else _total(summand, inner)",
        "return summand if inner is None else summand.subs(inner, 1)",
    ),
    _in_index_form(
        "a minus is forgotten",
        "return -self.entry(of, at, scope)",
        "return self.entry(of, at, scope)",
    ),
    _in_index_form(
        "the conditions of a sum are forgotten",
        "kept = [self.delta(each, inner) for each in term.where]",
        "kept = []",
    ),
    _in_index_form(
        "what a product leaves out makes it zero",
        "IndexProduct(1 + _product(kept) * (factor - 1) if kept else factor, limits)",
        "IndexProduct(_product(kept) * factor, limits)",
    ),
    _in_index_form(
        "a product over a range is the sum",
        "return IndexProduct(1 + _product(kept) * (factor - 1) if kept else factor, limits)",
        "return IndexSum(1 + _product(kept) * (factor - 1) if kept else factor, limits)",
    ),
    _in_index_form(
        "a comparison that is negated counts as it stands",
        "return 1 - same if comparison.negated else same",
        "return same",
    ),
    _in_index_form(
        "a sum starts at the beginning of its set",
        "lower = space.lower if term.lower is None else self.entry(term.lower, (), scope)",
        "lower = space.lower",
    ),
    _in_index_form(
        "a sum goes to the end of its set",
        "upper = space.upper if term.upper is None else self.entry(term.upper, (), scope)",
        "upper = space.upper",
    ),
    _in_index_form(
        "the first member is not left out",
        "return [*first, *(space.upper - number for number in range(int(after)))]",
        "return [*(space.upper - number for number in range(int(after)))]",
    ),
    _in_index_form(
        "the last member is not left out",
        "return [*first, *(space.upper - number for number in range(int(after)))]",
        "return [*first]",
    ),
    _in_index_form(
        "an offset is forgotten",
        "return steps if of is None else self.member(of, scope) + steps",
        "return steps if of is None else self.member(of, scope)",
    ),
    _in_index_form(
        "an index variable is read by its name",
        "return scope.members.get(member) or letter(member)",
        "return letter(member)",
    ),
    _in_index_form(
        "subscripts of a square matrix are exchanged",
        "return self.entry(of, _placed(of.shape, found), scope)",
        "square = of.shape and of.shape[0] == of.shape[1]\n"
        "                found = found[::-1] if square else found\n"
        "                return self.entry(of, _placed(of.shape, found), scope)",
    ),
    _in_index_form(
        "a row of a square matrix is a column",
        "return self.entry(of, (self.member(member, scope), _pair(at)[0]), scope)",
        "place = (self.member(member, scope), _pair(at)[0])\n"
        "                place = place[::-1] if of.shape[0] == of.shape[1] else place\n"
        "                return self.entry(of, place, scope)",
    ),
    _in_index_form(
        "what is left is the first value",
        "return result + others * self.entry(term.values[-1], at, scope)",
        "return result + others * self.entry(term.values[0], at, scope)",
    ),
    _in_index_form(
        "a comparison says the contrary",
        "return 1 - same if comparison.negated else same",
        "return same if comparison.negated else 1 - same",
    ),
    _in_index_form(
        "an indicator looks at its first comparison",
        "return _product(self.delta(each, scope) for each in comparisons)",
        "return _product(self.delta(each, scope) for each in comparisons[:1])",
    ),
    _in_index_form(
        "an indicator is a sum",
        "return _product(self.delta(each, scope) for each in comparisons)",
        "return Add(*(self.delta(each, scope) for each in comparisons))",
    ),
    _in_index_form(
        "columns written beside one another as rows",
        "row, column = _pair(at)[::-1] if as_columns else _pair(at)",
        "turned = as_columns and over.space != body.shape[0]\n"
        "                row, column = _pair(at)[::-1] if turned else _pair(at)",
    ),
    _in_index_form(
        "a power is one too high",
        "return self.entry(base, at, scope) ** exponent",
        "return self.entry(base, at, scope) ** (exponent + 1)",
    ),
    _in_index_form(
        "a quotient multiplies",
        "return self.entry(over, at, scope) / below",
        "return self.entry(over, at, scope) * below",
    ),
    _in_index_form(
        "inverses of a product are in its order",
        "turned = tree.MatrixProduct(tree.Inverse(right), tree.Inverse(left))",
        "turned = tree.MatrixProduct(tree.Inverse(left), tree.Inverse(right))",
    ),
    _in_index_form(
        "the matrices of a family are turned",
        "return IndexedBase(variable.name)[(self.member(member, scope), *places)]",
        "return IndexedBase(variable.name)[(self.member(member, scope), *[*places][::-1])]",
    ),
    _in_index_form(
        "a trace is along a row",
        "return _total(self.entry(of, (index, index), inner), index)",
        "return _total(self.entry(of, (index, space.lower), inner), index)",
    ),
    _in_index_form(
        "the determinant of an inverse is that of the matrix",
        "return 1 / self._determinant(inside, scope)",
        "return self._determinant(inside, scope)",
    ),
    _in_index_form(
        "the determinant of a product is that of the first factor",
        "return self._determinant(left, scope) * self._determinant(right, scope)",
        "return self._determinant(left, scope)",
    ),
    _in_index_form(
        "the determinant of a multiple is that multiple of it",
        "return IndexProduct(factor, (index, space.lower, space.upper))",
        "return factor",
    ),
    _in_index_form(
        "the inverse of a transpose is that of the matrix",
        "return self._inverse(inside, at[::-1], scope)",
        "return self._inverse(inside, at, scope)",
    ),
    _in_index_form(
        "the inverse of a multiple is the multiple of the inverse",
        "return self._inverse(matrix, at, scope) / self.entry(number, (), scope)",
        "return self._inverse(matrix, at, scope) * self.entry(number, (), scope)",
    ),
    _in_index_form(
        "an identity is ones everywhere",
        "return Integer(1) if row == column else KroneckerDelta(row, column)",
        "return Integer(1)",
    ),
    _in_index_form(
        "a derivative in a definition is taken with its arguments put in",
        "lifted = scope.valued(stand_ins)",
        "lifted = scope",
    ),
    _in_index_form(
        "a definition at each entry of its square",
        "return self._applied(made, [self.entry(of, at, scope)])",
        "return self._applied(made, [self.entry(of, at, scope) ** 2])",
    ),
    _in_index_form(
        "an inner product with one factor transposed",
        "found = self.entry(left, at, scope) * self.entry(right, at, scope)",
        "turned = at[::-1] if left.shape[0] == left.shape[1] else at\n"
        "        found = self.entry(left, at, scope) * self.entry(right, turned, scope)",
    ),
    _in_index_form(
        "arguments of a definition of arrays are captured",
        "return self.entry(value.term, at, value.scope.naming(*scope.taken))",
        "return self.entry(value.term, at, value.scope)",
    ),
)


# Terms written for such mistakes; entries of a defined vector, one after the other
ROW, K = tree.IndexVariable(ROWS, "row"), tree.IndexVariable(ROWS, "k")
SQUARES = tree.Definition(
    "s", (), tree.Table((ROW, None), tree.Power(tree.Entry(test_index_form.x, (ROW,)), 2))
)
ADDED = tree.Sum(K, tree.Entry(tree.Call(SQUARES), (K,)))
# one definition with two arguments
SQUARE = tree.Definition(
    "q", (ROW,), tree.Power(tree.Entry(test_index_form.x, (ROW,)), 2), ("q(", 0, ")")
)
TWICE = tree.Sum(K, tree.Call(SQUARE, (K,)))
# two matrices that do not commute
INVERTED = tree.Inverse(tree.MatrixProduct(test_index_form.A, test_index_form.B))
# a test that is decided where the sign of no variable is known
DECIDED = tree.Choice(
    (tree.Apply(ABOVE, tree.Number(Fraction(1))),), (test_index_form.a, test_index_form.b)
)
WRITTEN = [
    ADDED,
    TWICE,
    INVERTED,
    DECIDED,
    *(term for term, *_ in test_index_form.NUMBERS.values()),
    *(term for term, *_ in test_index_form.ARRAYS.values()),
    *(line[0] for line in test_functions.LINES.values()),
    *(line[0] for line in test_functions.ARRAYS.values()),
    *test_index_form.NESTED,
    *test_functions.CAPTURING,
]


# Which guard sees each planted fault: ``python -m tests.language.faults [terms]``.
#
# The guards: both meanings compared, on random terms and on written ones; values by hand. The
# first column is the number of the random term on which the two meanings first differ; where
# there is none, terms are tried that were written for it. The second one is the first value by
# hand that is wrong (of meaning two). The exit status is 1 if the two meanings alone let a fault
# pass, or differ without one.


MOST = 2500
SEED = 1
Case = tuple[Term, Instance]


@cache
def cases(count: int) -> list[Case]:
    """Random terms with an instance each: the same ones on every run."""
    rng = Random(SEED)
    return [(made(rng.choice), rng.choice(INSTANCES)) for _ in range(count)]


@cache
def _right_form(number: int, count: int) -> Form | None:
    return form_of(cases(count)[number][0])


def first_difference(fault: Mutant | None, count: int) -> int | None:
    """The number of the first random term on which the meanings differ, or one of them breaks."""
    two, one = _modules(fault)
    for number, (term, instance) in enumerate(cases(count)):
        try:
            form = _right_form(number, count) if one is index_form else form_of(term, one)
            outcome = compared_with(form, term, instance, two)
        except Exception:
            if fault is None:
                raise
            return number + 1
        if outcome is Outcome.DIFFER:
            return number + 1
    return None


def differs_on_written(fault: Mutant) -> bool:
    """Whether the meanings differ, or one breaks, on a term that was written for such faults."""
    two, one = _modules(fault)
    pairs = ((term, instance) for term in WRITTEN for instance in INSTANCES)
    try:
        return any(compared(*pair, two, one) is Outcome.DIFFER for pair in pairs)
    except Exception:
        return True


def first_by_hand(fault: Mutant) -> str | None:
    """The first value by hand that a fault of meaning two changes."""
    two, _ = _modules(fault)
    for name, (term, expected) in BY_HAND.items():
        wanted = np.atleast_2d(np.asarray(expected, dtype=np.float64))
        try:
            got = value(term, two=two)
        except Exception:
            return name
        if got.shape != wanted.shape or not np.allclose(got, wanted, rtol=1e-12, atol=0):
            return name
    return None


def _modules(fault: Mutant | None) -> tuple[ModuleType, ModuleType]:
    """Meaning two and meaning one, the fault in one of them."""
    if fault is None:
        return direct, index_form
    if is_in_direct(fault):
        return module_with(fault, direct), index_form
    return direct, module_with(fault, index_form)


def is_in_direct(fault: Mutant) -> bool:
    """Whether it is meaning two that is wrong."""
    return fault in IN_DIRECT


def seen(fault: Mutant, count: int) -> str | None:
    """What sees a fault; the values by hand alone do not count."""
    number = first_difference(fault, count)
    written = number is None and differs_on_written(fault)
    if number is None and not written:
        return None
    by_hand = first_by_hand(fault) if is_in_direct(fault) else None
    by_terms = f"term {number:,}" if number else "written"
    return f"meaning {'two' if is_in_direct(fault) else 'one'}  {by_terms:>10}  {by_hand or ''}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.language.faults", description=__doc__)
    parser.add_argument("terms", type=int, nargs="?", default=MOST, help="(default %(default)s)")
    count: int = parser.parse_args().terms
    alarm = first_difference(None, count)
    print(f"without a fault: {'no difference' if alarm is None else f'FALSE ALARM at {alarm}'}")
    survivors = table((*IN_DIRECT, *IN_INDEX_FORM), lambda fault: seen(fault, count))
    return 1 if survivors or alarm is not None else 0


if __name__ == "__main__":
    sys.exit(main())
