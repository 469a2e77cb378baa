"""Faults of meaning one alone."""

from derivations.language import index_form
from tests.language.faults.fault import Fault


def _fault(name: str, right: str, wrong: str) -> Fault:
    return Fault(index_form, name, right, wrong)


IN_INDEX_FORM = (
    _fault(
        "the greatest of two is their mean",
        "return (left + right + AbsoluteValue(left - right)) / 2",
        "return (left + right) / 2",
    ),
    _fault(
        "the least is the greatest",
        "return (left + right - AbsoluteValue(left - right)) / 2",
        "return (left + right + AbsoluteValue(left - right)) / 2",
    ),
    _fault(
        "a case counts though one before it holds",
        "result += others * holds * self.entry(value, at, scope)",
        "result += holds * self.entry(value, at, scope)",
    ),
    _fault("what is left counts always", "return result + others *", "return result +"),
    _fault(
        "the value of a test that fails",
        "result = Selected(test, value, result)",
        "result = Selected(1 - test, value, result)",
    ),
    _fault(
        "bound indices keep the names they came with",
        "index = Index(self.names.fresh(space, hint, scope.taken), space)",
        "index = Index(hint or 'i', space)",
    ),
    _fault(
        "a name that was chosen is not taken",
        "return index, scope.naming(index.name)",
        "return index, scope",
    ),
    _fault(
        "a transpose is forgotten",
        "return self.entry(of, at[::-1], scope)",
        "square = of.shape and of.shape[0] == of.shape[1]\n"
        "                return self.entry(of, at if square else at[::-1], scope)",
    ),
    _fault(
        "a product of square matrices has its factors exchanged",
        "left = self.entry(term.left, (row, inner), scope)\n",
        "if term.left.shape == term.right.shape:\n"
        "            row, column = column, row\n"
        "        left = self.entry(term.left, (row, inner), scope)\n",
    ),
    _fault(
        "the sum of a product is forgotten",
        "return summand if inner is None else _total(summand, inner)",
        "return summand if inner is None else summand.subs(inner, 1)",
    ),
    _fault(
        "a minus is forgotten",
        "return -self.entry(of, at, scope)",
        "return self.entry(of, at, scope)",
    ),
    _fault(
        "the conditions of a sum are forgotten",
        "kept = [self.delta(each, inner) for each in term.where]",
        "kept = []",
    ),
    _fault(
        "what a product leaves out makes it zero",
        "IndexProduct(1 + _product(kept) * (factor - 1) if kept else factor, limits)",
        "IndexProduct(_product(kept) * factor, limits)",
    ),
    _fault(
        "a product over a range is the sum",
        "return IndexProduct(1 + _product(kept) * (factor - 1) if kept else factor, limits)",
        "return IndexSum(1 + _product(kept) * (factor - 1) if kept else factor, limits)",
    ),
    _fault(
        "a comparison that is negated counts as it stands",
        "return 1 - same if comparison.negated else same",
        "return same",
    ),
    _fault(
        "a sum starts at the beginning of its set",
        "lower = space.lower if term.lower is None else self.entry(term.lower, (), scope)",
        "lower = space.lower",
    ),
    _fault(
        "a sum goes to the end of its set",
        "upper = space.upper if term.upper is None else self.entry(term.upper, (), scope)",
        "upper = space.upper",
    ),
    _fault(
        "the first member is not left out",
        "return [*first, *(space.upper - number for number in range(int(after)))]",
        "return [*(space.upper - number for number in range(int(after)))]",
    ),
    _fault(
        "the last member is not left out",
        "return [*first, *(space.upper - number for number in range(int(after)))]",
        "return [*first]",
    ),
    _fault(
        "an offset is forgotten",
        "return steps if of is None else self.member(of, scope) + steps",
        "return steps if of is None else self.member(of, scope)",
    ),
    _fault(
        "an index variable is read by its name",
        "return scope.members.get(member) or letter(member)",
        "return letter(member)",
    ),
    _fault(
        "an indicator is a sum",
        "return _product(self.delta(each, scope) for each in comparisons)",
        "return Add(*(self.delta(each, scope) for each in comparisons))",
    ),
    _fault(
        "columns written beside one another as rows",
        "row, column = _pair(at)[::-1] if as_columns else _pair(at)",
        "turned = as_columns and over.space != body.shape[0]\n"
        "                row, column = _pair(at)[::-1] if turned else _pair(at)",
    ),
    _fault(
        "a power is one too high",
        "return self.entry(base, at, scope) ** exponent",
        "return self.entry(base, at, scope) ** (exponent + 1)",
    ),
    _fault(
        "a quotient multiplies",
        "return self.entry(over, at, scope) / below",
        "return self.entry(over, at, scope) * below",
    ),
    _fault(
        "inverses of a product are in its order",
        "turned = tree.MatrixProduct(tree.Inverse(right), tree.Inverse(left))",
        "turned = tree.MatrixProduct(tree.Inverse(left), tree.Inverse(right))",
    ),
    _fault(
        "the inverse of a transpose is that of the matrix",
        "return self._inverse(inside, at[::-1], scope)",
        "return self._inverse(inside, at, scope)",
    ),
    _fault(
        "the inverse of a multiple is the multiple of the inverse",
        "return self._inverse(matrix, at, scope) / self.entry(number, (), scope)",
        "return self._inverse(matrix, at, scope) * self.entry(number, (), scope)",
    ),
    _fault(
        "an identity is ones everywhere",
        "return Integer(1) if row == column else KroneckerDelta(row, column)",
        "return Integer(1)",
    ),
    _fault(
        "a derivative in a definition is taken with its arguments put in",
        "lifted = scope.valued(stand_ins)",
        "lifted = scope",
    ),
    _fault(
        "a definition at each entry of its square",
        "return self._applied(made, [self.entry(of, at, scope)])",
        "return self._applied(made, [self.entry(of, at, scope) ** 2])",
    ),
    _fault(
        "an inner product with one factor transposed",
        "found = self.entry(left, at, scope) * self.entry(right, at, scope)",
        "turned = at[::-1] if left.shape[0] == left.shape[1] else at\n"
        "        found = self.entry(left, at, scope) * self.entry(right, turned, scope)",
    ),
    _fault(
        "arguments of a definition of arrays are captured",
        "return self.entry(value.term, at, value.scope.naming(*scope.taken))",
        "return self.entry(value.term, at, value.scope)",
    ),
)
