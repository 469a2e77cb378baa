"""The docstrings of modules and of functions, printed from the expressions."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from textwrap import wrap

from sympy import Basic, Expr, Indexed, Symbol

from codegen.array_language import Memory
from codegen.kernel import (
    Argmax,
    Argument,
    Elementwise,
    Equality,
    Gradient,
    Kernel,
    Module,
    Update,
    Value,
)
from codegen.matching import same_function
from derivations.language.index_nodes import Defined
from derivations.report.statement import application, mathematics, meanings, named_in, show

__all__ = ["mathematics", "meaning"]

show.register(Argmax, application)


def meaning(expression: Basic) -> str:
    """What a step computes, for a comment beside it.

    A choice of a word says how it is chosen. Arguments that a notation leaves out are left out
    here for good: the code beside the comment has them.
    """
    if isinstance(expression, Argmax):
        index, body = expression.opened()
        return f"the {index} of largest {meaning(body)}"
    return mathematics(_brief(expression))


def _brief(node: Basic) -> Basic:
    """``node`` with every argument that its notation leaves out put back to the parameter."""
    if not node.args or isinstance(node, Indexed):
        return node
    arguments = map(_brief, node.args)
    if isinstance(node, Defined | Argmax):
        pairs = zip(node.params, arguments, strict=True)
        shown = named_in(node.shown)
        return node.func(*[argument if p.name in shown else p for p, argument in pairs])
    return node.func(*arguments)


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
    """The texts, each once, without that of a definition which another one says otherwise named."""
    kinds = list(known)
    texts = (
        known[kind]
        for place, kind in enumerate(kinds)
        if not any(same_function(kind, other) for other in kinds[:place])
    )
    return list(dict.fromkeys(texts))


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


WIDTH = 96
UNCHANGED = "The code evaluates the definition as it stands."
WORK = (
    "work: memory to use again, so that nothing large is allocated; what is returned of the size "
    "of U is then in it, and holds until the next call. Of a workspace for fewer pairs the batch "
    "is taken in tiles."
)
RAISES = (
    "Raises TypeError, ValueError or IndexError, naming the argument, before anything is computed."
)
ACCURACY = "The package's docstring says how accurate the results are."


def function_docstring(
    kernel: Kernel, claims: dict[str, Equality], raises: str = RAISES, memory: Memory | None = None
) -> list[str]:
    """What a kernel computes, takes, returns and raises, and the claims it rests on."""
    lines = [f'"""{kernel.title}', "", "Args:"]
    for argument in kernel.arguments:
        lines += _paragraph(f"{_shaped(argument)}: {argument.meaning}.", indent=4)
    if memory:
        lines += _paragraph(WORK, indent=4)
    returned = [output for output in kernel.outputs if not isinstance(output, Update)]
    lines += ["", "Returns:"] if returned else []
    for output in returned:
        lines += _paragraph(f"{output.name} = {_meaning(output, claims)}", indent=4)
    lines += ["", "Changed in place, both from the arguments as given:"] if kernel.updates else []
    for update in kernel.updates:
        name, rows = update.gradient.name, update.rate.atoms(Defined)
        of_each = f"[{', '.join(map(str, update.gradient.axes))}]" if rows else ""
        rate = mathematics(update.rate)
        change = f"{update.argument}{of_each} -= {rate} * {name}{of_each}"
        gradient = _meaning(update.gradient, claims)
        lines += _paragraph(f"{change}, where {name} = {gradient}", indent=4)
    lines += [
        "",
        *_paragraph(f"{raises} {kernel.accuracy or ACCURACY}"),
        "",
        *_paragraph(f"Proved: {', '.join(kernel.claims)}." if kernel.claims else UNCHANGED),
        '"""',
    ]
    return lines


def elementwise_docstring(function: Elementwise, claims: dict[str, Equality]) -> list[str]:
    """What a function of every entry computes, and the claim it rests on."""
    claim = claims[function.claim]
    left, right = mathematics(claim.left), mathematics(spelled_out(claim.right))
    return [
        f'"""{function.title}',
        "",
        f"    {left} = {right}",
        "",
        f"Proved: {claim.id}.",
        '"""',
    ]


def _meaning(output: Value | Gradient, claims: dict[str, Equality]) -> str:
    if isinstance(output, Value):
        return f"{mathematics(output.loss)}{_for_each(output.axes)}."
    claim = claims[output.claim]
    text = f"{mathematics(claim.left)} = {mathematics(claim.right)}"
    if output.only_row is None:
        return f"{text}{_for_each(output.axes)}."
    word = output.only_row[1]
    return f"{text} in row {word}; every other row is zero."


def _for_each(axes: tuple[Expr, ...]) -> str:
    return f", for each {', '.join(map(str, axes))}" if axes else ""


def _shaped(argument: Argument) -> str:
    if not argument.axes:
        return argument.name
    shape = ", ".join(argument.letters)
    return f"{argument.name} ({shape}{',' if len(argument.letters) == 1 else ''})"


def _paragraph(text: str, indent: int = 0) -> list[str]:
    blank = " " * indent
    return wrap(
        text,
        WIDTH,
        initial_indent=blank,
        subsequent_indent=blank + "  " * bool(indent),
        break_long_words=False,
        break_on_hyphens=False,
    )
