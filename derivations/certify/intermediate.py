"""A derivative by what is defined, as it is written: of a function of a letter, at a value.

Where ``define z = W x + b``, the derivative of J by z is that of J as a function of a letter, which
stands for z, taken where the letter is W x + b. The reader makes that an application: a definition
with the letter for its parameter and the derivative for its body, at the value. In index notation
the derivative is taken on the way; a statement is to say what was written, and so says both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import Expr, Indexed, IndexedBase, Symbol

from derivations.claim import Claim
from derivations.indices import Index
from derivations.language.index_form import entry_of
from derivations.language.tree import Call, Definition, Derivative, Reference, Term, Variable


@dataclass(frozen=True)
class Cut:
    """A claim of which the left side is a derivative by ``letter``, and what that stands for.

    ``value`` is the entry at ``axes`` of what the letter stands for.
    """

    claim: Claim
    letter: IndexedBase | Symbol
    value: Expr
    axes: tuple[Index, ...]


def cut_of(claim: Claim) -> Cut | None:
    """The claim as one by a letter; None where it is not a derivative by what is defined."""
    match claim.left:
        case Call(
            Definition(parameters=(*labels, Variable() as by), body=Derivative() as slope),
            arguments=(*members, at),
        ) if labels == members and isinstance(at, Term):
            entry, _ = entry_of(Reference(by))
            value, axes = entry_of(at, claim.names)
            letter = entry.base if isinstance(entry, Indexed) else entry
            return Cut(replace(claim, left=slope), letter, value, axes)
    return None
