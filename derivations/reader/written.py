"""A tree of a formula as LaTeX again, in one spelling for each thing."""

from __future__ import annotations

from functools import singledispatch

from derivations.reader import syntax
from derivations.reader.syntax import Content, Node

_CLOSING = {"(": ")", "[": "]", r"\{": r"\}", "|": "|", r"\|": r"\|", "<": r"\rangle"}
_TEXTS = {
    "TOP": r"\top",
    "PARTIAL": r"\partial",
    "INDICATOR": r"\mathbb{1}",
    "SUM": r"\sum",
    "PROD": r"\prod",
}


@singledispatch
def written(node: Node) -> str:
    """The node as LaTeX."""
    raise TypeError(f"{type(node).__name__} has no spelling")


@written.register
def _leaf(node: syntax.Leaf) -> str:
    if node.kind == "FUNCTION":
        return f"\\{node.text}"
    if node.kind == "WORD":
        return f"\\mathrm{{{node.text}}}"
    return _TEXTS.get(node.kind, node.text)


@written.register
def _accented(node: syntax.Accented) -> str:
    return f"\\{node.mark}{{{written(node.base)}}}"


@written.register
def _script(node: syntax.Script) -> str:
    base = written(node.base)
    if isinstance(node.base, syntax.Terms | syntax.Product | syntax.Fraction):
        base = f"{{{base}}}"
    sub = f"_{_braced(node.sub)}" if node.sub else ""
    sup = f"^{_braced(node.sup)}" if node.sup else ""
    primes = "'" * node.primes
    return f"{base}{primes}{sub}{sup}"


def _braced(content: Content) -> str:
    text = written(content)
    if isinstance(content.only, syntax.Terms):
        text = text.replace(" + ", "+").replace(" - ", "-")
    return text if len(text) == 1 else f"{{{text}}}"


@written.register
def _fraction(node: syntax.Fraction) -> str:
    return f"\\frac{{{written(node.over)}}}{{{written(node.under)}}}"


@written.register
def _group(node: syntax.Group) -> str:
    if node.bracket == syntax.ENTRYWISE:
        return rf"\odot {written(node.content)}"
    if node.bracket == syntax.FACTORIAL:
        return f"{written(node.content)}!"
    if node.bracket == syntax.SQUARE_ROOT:
        return rf"\sqrt{{{written(node.content)}}}"
    if node.bracket == syntax.EVALUATED:
        return rf"\left. {written(node.content)} \right|"
    opening = r"\langle " if node.bracket == "<" else node.bracket
    return f"{opening}{written(node.content)}{_CLOSING[node.bracket]}"


@written.register
def _content(node: Content) -> str:
    texts = [written(item) for item in node.items]
    text = texts[0] if texts else ""
    for separator, item in zip(node.separators, texts[1:], strict=True):
        text += f"{separator} {item}" if separator in ",;" else f" {separator} {item}"
    return text


@written.register
def _relation(node: syntax.Relation) -> str:
    text = written(node.parts[0])
    for sign, part in zip(node.signs, node.parts[1:], strict=True):
        text += f" {sign} {written(part)}"
    return text


@written.register
def _terms(node: syntax.Terms) -> str:
    text = ""
    for position, (sign, part) in enumerate(zip(node.signs, node.parts, strict=True)):
        piece = written(part)
        if isinstance(part, syntax.Terms):
            piece = f"{{{piece}}}"
        if position:
            text += f" {sign} {piece}"
        else:
            text = f"-{piece}" if sign == "-" else piece
    return text


@written.register
def _product(node: syntax.Product) -> str:
    text = _factor(node.factors[0])
    for before, join, factor in zip(node.factors, node.joins, node.factors[1:], strict=False):
        piece = _factor(factor)
        if join:
            text += f" {join} {piece}"
        else:
            text += piece if _touch(before, factor, text) else f" {piece}"
    return text


def _touch(before: Node, factor: Node, text: str) -> bool:
    """Whether two factors are written without a blank: letters, and what has an argument."""
    if isinstance(factor, syntax.Group) and factor.bracket in ("(", "["):
        base = before.base if isinstance(before, syntax.Script) else before
        if isinstance(base, syntax.Leaf):
            return base.kind not in ("NUMBER", "SUM", "PROD")
        return isinstance(base, syntax.Accented)
    single = all(isinstance(each, syntax.Leaf) and len(each.text) == 1 for each in (before, factor))
    return single and not (text[-1].isdigit() and written(factor).isdigit())


def _factor(node: Node) -> str:
    text = written(node)
    return f"{{{text}}}" if isinstance(node, syntax.Terms | syntax.Product) else text


@written.register
def _matrix(node: syntax.Matrix) -> str:
    rows = r" \\ ".join(" & ".join(map(written, row)) for row in node.rows)
    return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"


@written.register
def _cases(node: syntax.Cases) -> str:
    pairs = zip(node.values, node.conditions, strict=True)
    rows = r" \\ ".join(
        f"{written(value)} & {written(said) if said else 'otherwise'}" for value, said in pairs
    )
    return rf"\begin{{cases}} {rows} \end{{cases}}"


@written.register
def _stack(node: syntax.Stack) -> str:
    lines = r" \\ ".join(map(written, node.lines))
    return rf"\substack{{{lines}}}"
