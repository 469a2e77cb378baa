"""A word chosen by its score: the member of an index set at which an expression is largest.

A stable form holds for any word `a` that the scores are taken relative to; the kernels take
the leading one. The choice is a named function with a closed body, like `Defined`, so that
substitution never meets its bound index.
"""

from __future__ import annotations

from sympy import Expr, Function, Symbol

from derivations.indices import Index
from derivations.language.index_nodes import substitute


class Argmax(Function):  # type: ignore[misc]  # SymPy's classes are untyped
    """An application: the ``index`` at which ``body``, with ``params`` replaced, is largest."""

    params: tuple[Symbol, ...]
    index: Index
    body: Expr
    shown: str

    def opened(self) -> tuple[Index, Expr]:
        """The index to be chosen, and the expression to be made largest, in which it is free.

        It has another name where an argument has its name.
        """
        index = self.index
        while any(index in argument.free_symbols for argument in self.args):
            index = Index(f"{index.name}′", index.space)
        values = dict(zip(self.params, self.args, strict=True))
        return index, substitute(self.body, {**values, self.index: index})


def argmax(
    name: str, shown: str, params: tuple[Symbol, ...], index: Index, body: Expr
) -> type[Argmax]:
    """A new choice function; ``shown`` as for `derivations.language.index_nodes.define`."""
    members = {
        "nargs": len(params),
        "params": params,
        "index": index,
        "body": body,
        "shown": shown,
        "is_integer": True,
    }
    return type(name, (Argmax,), members)
