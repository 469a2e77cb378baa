"""A word chosen by its score: the member of an index set at which an expression is largest.

A stable form holds for any word `a` that the scores are taken relative to; the kernels take
the leading one. The choice is a named function with a closed body, like `Defined`, so that
substitution never meets its bound index.
"""

from __future__ import annotations

from sympy import Expr, Function, Symbol

from derivations.definition import substitute
from derivations.indices import Index


class Argmax(Function):  # type: ignore[misc]  # SymPy's classes are untyped
    """An application: the ``index`` at which ``body``, with ``params`` replaced, is largest."""

    params: tuple[Symbol, ...]
    index: Index
    body: Expr
    shown: str

    def body_at(self) -> Expr:
        """The expression to be made largest, ``index`` free in it."""
        values = dict(zip(self.params, self.args, strict=True))
        if any(self.index in value.free_symbols for value in values.values()):
            raise ValueError(f"{self} is applied to its own bound index {self.index}")
        return substitute(self.body, values)


def argmax(
    name: str, shown: str, params: tuple[Symbol, ...], index: Index, body: Expr
) -> type[Argmax]:
    """A new choice function; ``shown`` as for `derivations.definition.define`."""
    members = {
        "nargs": len(params),
        "params": params,
        "index": index,
        "body": body,
        "shown": shown,
        "is_integer": True,
    }
    return type(name, (Argmax,), members)
