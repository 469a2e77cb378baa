"""What the numbers of one run share: the exact field, the conditions met, the path taken."""

from __future__ import annotations

from typing import Any

from codegen.execute.tree import Split, combined, either
from codegen.interpret.paths import Path
from derivations.proof.field import Branch, Field, Value

SYMBOLS_IN_TURN = 7


class World:
    """What the numbers of one run share: the field, the conditions met so far, the path."""

    def __init__(self, field: Field, path: Path) -> None:
        self.field = field
        self.path = path
        self.conditions: list[Value] = []
        self.decided: dict[int, bool] = {}
        self.made = 0

    def equal(self, left: Any, right: Any) -> bool:
        """Whether two leaves of trees are the same."""
        if isinstance(left, bool):
            return left is right
        if left is right:
            return True
        if left.denominator == right.denominator:
            return bool(left.numerator == right.numerator)
        return self.field.is_zero(self.subtract(left, right))

    def subtract(self, left: Value, right: Value) -> Value:
        """The difference in the field."""
        if left.denominator == right.denominator:
            return Value(left.numerator - right.numerator, left.denominator)
        return self.field.add(left, self.negative(right))

    def negative(self, value: Value) -> Value:
        """The same with the other sign."""
        return Value(-value.numerator, value.denominator)

    def divide(self, left: Value, right: Value) -> Value:
        """The quotient in the field."""
        return self.field.multiply(left, self.field.power(right, -1))

    def reduced(self, value: Value) -> Value:
        """The same in lowest terms."""
        if self.field.is_zero(value):
            return self.field.constant(0)
        return self.field.power(self.field.power(value, -1), -1)

    def fresh(self, name: str) -> Value:
        """A symbol of this name, the next of a few that are taken in turn."""
        self.made += 1
        return self.field.parameter((name, (self.made % SYMBOLS_IN_TURN,)))

    def at_least_zero(self, value: Value) -> Any:
        """The tree of whether a value is at least zero."""
        if self.field.is_zero(value):
            return True
        value = self.reduced(value) if value.denominator else value
        if self.field.signs and (sign := self._known_sign(value)) is not None:
            return sign >= 0
        if value.numerator.is_constant() and not value.denominator:
            return value.numerator.leading_coefficient() > 0
        number = next((n for n, known in enumerate(self.conditions) if known == value), None)
        if number is None:
            number = len(self.conditions)
            self.conditions.append(value)
        return self.decided.get(number, Split(number, True, False))

    def _known_sign(self, value: Value) -> int | None:
        """The sign of a value, where it is certain or assumed."""
        try:
            return self.field.sign(value)
        except Branch:
            return None

    def decide(self, tree: Any) -> bool:
        """Whether a condition holds on this path: both ways are gone in turn."""
        while isinstance(tree, Split):
            if tree.condition not in self.decided:
                self.decided[tree.condition] = self.path.choose(2) == 0
            tree = tree.yes if self.decided[tree.condition] else tree.no
        return bool(tree)

    def surely_positive(self, value: Value) -> bool:
        """Whether it is a quotient of sums of positive things with positive coefficients."""
        parts = [value.numerator, *(self.field.irreducible[n] for n, _ in value.denominator)]
        exponentials = set(self.field.arguments)
        if self.field.above_zero and self._known_sign(value) == 1:
            return True
        return all(
            all(q > 0 for q in part.coeffs())
            and all(n in exponentials for n, degree in enumerate(part.degrees()) if degree > 0)
            for part in parts
        )

    def conditions_of(self, tree: Any) -> Any:
        """The tree of whether each leaf of a tree is at least zero."""
        if not isinstance(tree, Split):
            return self.at_least_zero(tree)
        which = Split(tree.condition, True, False)
        sides = (self.conditions_of(tree.yes), self.conditions_of(tree.no))
        return combined(self, either, which, *sides)
