"""The docstring of an emitted file: definitions, and the proved forms that the code evaluates."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from textwrap import wrap
from typing import Any

from sympy import Basic, Expr, Symbol

from codegen.equality import Equality
from codegen.formula import mathematics, meaning
from codegen.kernel import Kernel, Module, Value
from codegen.same import same_function
from derivations.language.index_nodes import Defined
from derivations.report.meanings import meanings


def module_docstring(module: Module, claims: dict[str, Equality]) -> list[str]:
    """The definitions that the formulas use, and the proved forms that the code evaluates."""
    losses, rules = [], list[str]()
    choices: dict[Symbol, Expr] = {}
    for function in module.functions:
        if isinstance(function, Kernel):
            values = [output.loss for output in function.outputs if isinstance(output, Value)]
            gradients = [claims[gradient.claim].right for gradient in function.gradients]
            rates = [update.rate for update in function.updates]
            losses += [function.loss, *values, *gradients, *rates]
            rules += [*function.rewrites, *function.calls.values()]
            choices.update(function.choices)
        else:
            losses.append(claims[function.claim].left)
    forms = [claims[id] for id in dict.fromkeys(rules)]
    known = meanings([*losses, *(form.left for form in forms)])
    right = {form.id: spelled_out(form.right, known) for form in forms}
    helping = meanings([*right.values()])
    note = ["", *wrap(module.note, 100)] if module.note else []
    lines = [f'"""{module.title}', *note, "", "Definitions:", "", *_listed(_once(known))]
    if forms:
        lines += ["", "The code evaluates these forms, which are proved equal:", ""]
        lines += _listed(
            f"{mathematics(form.left)} = {mathematics(right[form.id])}" for form in forms
        )
        lines += _listed(text for kind, text in helping.items() if kind not in known)
        lines += _listed(
            f"{mathematics(symbol)} = {meaning(choice)}" for symbol, choice in choices.items()
        )
    return [*lines, '"""']


def _once(known: Mapping[type[Defined], str]) -> list[str]:
    """The texts, without that of a definition which another one says under another name."""
    kinds: list[Any] = list(known)
    return [
        known[kind]
        for place, kind in enumerate(kinds)
        if not any(same_function(kind, other) for other in kinds[:place])
    ]


def _listed(lines: Iterable[str]) -> list[str]:
    return [
        part
        for line in lines
        for part in wrap(
            line,
            100,
            initial_indent="    ",
            subsequent_indent="        ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    ]


def spelled_out(expression: Expr, known: Container[type[Basic]] = ()) -> Expr:
    """The body of a definition that the reader does not know; anything else as it is."""
    if not isinstance(expression, Defined) or expression.func in known:
        return expression
    opened: Expr = expression.opened
    return opened
