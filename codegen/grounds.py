"""What kernels rest on: the claims of written derivations, that they are proved, and that they
say what a kernel takes them to say.

A proved claim is a true equality, but of what? What is returned as the loss must be the loss;
each gradient must be one of that loss, hold at every word, and where it is one row, the other
rows must be zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import files
from itertools import chain

from sympy import Derivative, Expr, Indexed, preorder_traversal

from codegen.kernel import Elementwise, Gradient, Kernel, Update, Value
from derivations.claim import Claim, Condition, Unequal, Verdict
from derivations.indices import Index, WordArray, total
from derivations.language.data_conditions import Positive
from derivations.language.index_form import application, entry_at, letter
from derivations.language.index_nodes import Defined, unfold
from derivations.language.tree import Definition
from derivations.proof.judge import Disagreement, judge
from derivations.reader.derivation import derivation
from derivations.reader.line import Derivation
from derivations.reader.scope import Scope


@dataclass(frozen=True)
class Equality:
    """``left = right`` at every index, where ``conditions`` hold."""

    id: str
    left: Expr
    right: Expr
    conditions: tuple[Condition, ...] = ()


def equalities(claims: Iterable[Claim]) -> dict[str, Equality]:
    """The claims by id; one whose sides have no meaning states no equality."""
    return {
        claim.id: Equality(claim.id, claim.sides.left, claim.sides.right, claim.conditions)
        for claim in claims
        if claim.misfit is None
    }


Entry = Callable[..., Expr]


class Document:
    """The derivation file of one subject; names are those of its declarations, as LaTeX."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.file = files("derivations") / subject / "written.md"

    @cached_property
    def derivation(self) -> Derivation:
        """Everything that the file says."""
        return derivation(self.file.read_text(encoding="utf-8"), self.file.name)

    @cached_property
    def claims(self) -> dict[str, Claim]:
        """For each line that the start of its chain equals this right side, under a longer id."""
        found = ((line.id, line.from_start or line.claim) for line in self.derivation.lines)
        return {id: replace(claim, id=self.id(id)) for id, claim in found}

    def id(self, line: str) -> str:
        """The id of a line among those of all subjects."""
        return f"{self.subject}.{line}"

    def scope(self, part: str) -> Scope:
        """What is declared at the last line of a part."""
        return [line for line in self.derivation.lines if line.part == part][-1].equality.scope

    def index(self, part: str, name: str) -> Index:
        """The index that a letter stands for."""
        return letter(self.scope(part).letters[name])

    def words(self, part: str, name: str) -> Callable[[Expr], Indexed]:
        """A list of labels, at a place."""
        (listed,) = self.scope(part).lists[name]
        return lambda place: WordArray(listed.name, listed.values)[place]

    def entry(self, part: str, name: str) -> Entry:
        """A number or an entry of a vector or matrix, at its subscripts in their order."""
        scope = self.scope(part)
        thing = scope.things[name]

        def at(*members: Expr) -> Expr:
            own = dict(zip(thing.letters, members, strict=False))
            return entry_at(thing.body, own, members[len(own) :], scope.names)

        return at

    def function(self, part: str, name: str) -> Entry:
        """A named function, at its arguments that are no vectors or matrices."""
        function = self.scope(part).functions[name]
        assert isinstance(function.meaning, Definition)
        definition, implicit = function.meaning, tuple(map(letter, function.implicit))
        return lambda *arguments: application(definition, *implicit, *arguments)

    def gradient(self, name: str, line: str, *rows: Index, dense: str = "") -> Gradient:
        """An output made from the right side of a line, ``rows`` before the line's own axes."""
        return Gradient(name, self.id(line), (*rows, *self.claims[line].sides.axes), dense)


class Misuse(Exception):
    """A kernel that uses a claim for what it does not say."""


def require_fit(function: Kernel | Elementwise, claims: Mapping[str, Equality]) -> None:
    """Raise Misuse unless every claim that the function names is stated, and fits."""
    for id in function.claims:
        if id not in claims:
            raise Misuse(f"{function.name} rests on the claim {id!r}, which is not stated")
    if isinstance(function, Elementwise):
        return
    for id in (*function.rewrites, *function.calls.values()):
        if claims[id].conditions:
            raise Misuse(f"{function.name} rewrites by {id}, which holds only under conditions")
    for output in function.outputs:
        if isinstance(output, Update):
            _require_gradient(function, output.gradient, claims)
        elif isinstance(output, Gradient):
            _require_gradient(function, output, claims)
        elif not (_is_loss(output, function) or _is_part(output, function)):
            raise Misuse(f"{output.name} is not the loss {function.loss}, nor what it is made of")


def _require_gradient(kernel: Kernel, output: Gradient, claims: Mapping[str, Equality]) -> None:
    claim = claims[output.claim]
    if not _is_gradient(claim, kernel):
        raise Misuse(f"{claim.id} is no gradient of {kernel.loss}, which {kernel.name} computes")
    if not all(_is_given(condition, kernel) for condition in claim.conditions):
        raise Misuse(f"{kernel.name} returns {claim.id}, which holds only under conditions")
    if output.only_row is None:
        return
    row, word = output.only_row
    rest = claims[output.elsewhere]
    elsewhere = (Unequal(row, word),)
    if not (_is_gradient(rest, kernel) and rest.right == 0 and rest.conditions == elsewhere):
        raise Misuse(f"{rest.id} does not say that the rows other than {word} are zero")


def _is_given(condition: Condition, kernel: Kernel) -> bool:
    """Whether the kernel is for such arguments only, and says so."""
    return isinstance(condition, Positive) and condition.of.name in kernel.assumed.positive


def _is_loss(output: Value, kernel: Kernel) -> bool:
    """The kernel's loss, or the terms of a loss that is a sum over the output's axes."""
    if not output.axes:
        return bool(output.loss == kernel.loss)
    whole = output.loss
    for axis in output.axes:
        whole = total(whole, axis)
    return isinstance(kernel.loss, Defined) and bool(whole == kernel.loss.body)


def _is_part(output: Value, kernel: Kernel) -> bool:
    """Numbers or a definition that stand in the loss; they may not be called the loss."""
    if output.name.startswith("loss") or not isinstance(output.loss, Indexed | Defined):
        return False
    parts = {*preorder_traversal(kernel.loss)}
    while found := {p.opened for p in parts if isinstance(p, Defined)} - parts:
        parts |= {*chain.from_iterable(map(preorder_traversal, found))}
    return output.loss in parts - {kernel.loss}


def _is_gradient(claim: Equality, kernel: Kernel) -> bool:
    """Whether the left side is a derivative of the loss, in whichever part that was defined."""
    if not isinstance(claim.left, Derivative):
        return False
    of = claim.left.expr
    return bool(of == kernel.loss or unfold(of) == unfold(kernel.loss))


__all__ = ["Disagreement", "NotProved", "require_proved"]


class NotProved(Exception):
    """Claims that kernels rest on and that are not proved: which, and what the judge said."""


def require_proved(functions: Iterable[Kernel | Elementwise], claims: Iterable[Claim]) -> None:
    """Judge every claim that the functions rest on; raise NotProved unless all are proved."""
    stated = {claim.id: claim for claim in claims}
    resting: dict[str, list[str]] = {}
    for function in functions:
        for id in function.claims:
            resting.setdefault(id, []).append(function.name)
    failures = []
    for id, names in resting.items():
        judgement = judge(stated[id])
        if judgement.verdict is not Verdict.PROVED:
            because = f" ({judgement.reason})" if judgement.reason else ""
            unique = ", ".join(dict.fromkeys(names))
            failures.append(f"{id} is {judgement.verdict.value}{because}; needed by {unique}")
    if failures:
        raise NotProved("\n".join(failures))
