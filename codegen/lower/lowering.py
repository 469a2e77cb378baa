"""One kernel being lowered: its named steps so far, and the choice of a rule for each node."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from sympy import Basic, Expr, Indexed

from codegen.argmax import Argmax
from codegen.equality import Equality
from codegen.formula import meaning
from codegen.lower.axes import Axes
from codegen.lower.entries import gathered, on_diagonal
from codegen.lower.statement import Statement
from codegen.lower.text import LoweringError, Text, in_order
from codegen.match import match
from codegen.rewrite import Rewrites
from derivations.definition import Defined
from derivations.indices import Index, WordArray

Rule = Callable[[Expr, "Lowering"], Text]


class Lowering:
    """Lowers expressions, and collects the lines of the named steps that they need."""

    def __init__(
        self,
        axes: Axes,
        names: Mapping[Expr, str],
        rewrites: Rewrites,
        calls: Mapping[str, Equality],
        rules: Mapping[type[Basic], Rule],
    ) -> None:
        self.axes = axes
        self.names = names
        self.rewrites = rewrites
        self.calls = calls
        self.rules = rules
        self.statements: list[Statement] = []
        self.called: set[str] = set()
        self.steps: dict[Expr, Text] = {}
        self.own: set[str] = set()
        self.met: dict[Expr, int] = {}

    @property
    def lines(self) -> list[str]:
        """The statements as text."""
        return [line for statement in self.statements for line in statement.lines]

    def lower(self, expression: Expr) -> Text:
        """The NumPy text of ``expression``; its running indices are the axes.

        Words are not numbers: they are labels, and arrays begin at 0.
        """
        expression = self.rewrites.apply(expression)
        if is_word(expression) and not is_counted(expression):
            raise LoweringError(f"{expression} is a word, not a number to calculate with")
        return self._text(expression)

    def place(self, word: Expr) -> Text:
        """The NumPy text of a word, as a place along an axis."""
        if not is_word(word):
            raise LoweringError(f"{word} is no word that the kernel is given")
        if isinstance(word, Index) and self.axes.is_running(word):
            return Text(f"np.arange({self.axes.length(word)})", (word,))
        return self._text(word)

    def _text(self, expression: Expr) -> Text:
        text = self.step(expression)
        if text is None:
            if isinstance(expression, Defined | Argmax):
                self.met[expression] = self.met.get(expression, 0) + 1
            text = self.call(expression) or self.plain(expression)
        return in_order(text, self.axes.ordered(text.axes))

    def plain(self, expression: Expr) -> Text:
        """By the rule for the expression's own node; an unknown node is an error."""
        for kind in type(expression).__mro__:
            if kind in self.rules:
                return self.rules[kind](expression, self)
        raise LoweringError(
            f"no rule lowers {type(expression).__name__}: {expression}; "
            "rewrite it by a proved claim, or add a rule to codegen/lower/"
        )

    def step(self, expression: Expr) -> Text | None:
        """The named step that holds ``expression``, perhaps at other indices; made if new."""
        return self._held(expression, self.names)

    def _held(self, expression: Expr, names: Mapping[Expr, str]) -> Text | None:
        for pattern, name in names.items():
            running = self.axes.running(pattern)
            binding = match(pattern, expression, running)
            if binding is not None:
                if pattern not in self.steps:
                    self.steps[pattern] = self.assigned(name, pattern)
                text = self.steps[pattern]
                return self.at(text, {axis: binding[axis] for axis in text.axes})
        return None

    def has_name(self, expression: Expr) -> bool:
        """Whether a named step holds the expression, made or not."""
        return any(match(p, expression, self.axes.running(p)) is not None for p in self.names)

    def assigned(self, name: str, expression: Expr) -> Text:
        """A new line that gives ``expression`` a name; perhaps it is an entry of another step."""
        others = {pattern: name for pattern, name in self.names.items() if pattern != expression}
        text = self._held(expression, others) or self.call(expression) or self.plain(expression)
        text = in_order(text, self.axes.ordered(text.axes))
        if text.is_fresh:
            self.own.add(name)
        comment = f"# {meaning(expression)}"
        self.statements.append(Statement(name, text.code, text.axes, comment, text.is_fresh))
        return Text(name, text.axes)

    def call(self, expression: Expr) -> Text | None:
        """A call of the function that a proved claim says computes ``expression``."""
        for function, claim in self.calls.items():
            (variable,) = claim.left.free_symbols
            binding = match(claim.left, expression, [variable])
            if binding is not None:
                self.called.add(function)
                argument = self.lower(binding[variable])
                return Text(f"{function}({argument.code})", argument.axes)
        return None

    def at(self, text: Text, places: Mapping[Index, Expr]) -> Text:
        """``text`` with each axis taken at a place: another running index, or a word."""
        for axis, place in places.items():
            if isinstance(place, Index) and place.space != axis.space:
                raise LoweringError(f"{place} is no {axis.space.name} to take {text.code} at")
        taken = {place for place in places.values() if self.axes.is_running(place)}
        places = {apart(axis, places[axis], taken): places[axis] for axis in text.axes}
        text = Text(text.code, tuple(places), text.binding)
        renamed = tuple(
            place if self.axes.is_running(place) else axis for axis, place in places.items()
        )
        text = on_diagonal(Text(text.code, renamed, text.binding))
        for axis, place in places.items():
            if not self.axes.is_running(place):
                text = gathered(text, axis, self.place(place), self)
        return text


def apart(axis: Index, place: Expr, taken: Collection[Expr]) -> Index:
    """The axis, under another name where it is looked up along and another axis takes its name."""
    looked_up = place not in taken
    return Index(f"{axis.name}″", axis.space) if looked_up and axis in taken else axis


def is_word(expression: Basic) -> bool:
    """Whether it names a member of an index set."""
    if isinstance(expression, Indexed):
        return isinstance(expression.base, WordArray)
    return isinstance(expression, Index | Argmax)


def is_counted(expression: Basic) -> bool:
    """Whether it is a member of an index set whose members are numbers, not labels."""
    return isinstance(expression, Index) and not expression.space.labels
