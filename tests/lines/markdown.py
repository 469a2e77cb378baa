"""Files as Markdown: blocks of declarations, headings of parts, and displays."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby

from tests.lines.latex import Style, Writer
from tests.lines.tree import (
    Arbitrary,
    Assume,
    Assumption,
    Block,
    Cell,
    Comparison,
    Declaration,
    Define,
    Distinct,
    Env,
    Family,
    File,
    Index,
    Item,
    Labels,
    Line,
    Matrix,
    NotAmong,
    Num,
    Parameter,
    Part,
    Scalar,
    Scoped,
    Size,
    Subset,
    Vector,
    scoped_lines,
)


def written(file: File, style: Style) -> str:
    """The text of a file."""
    scoped = iter(scoped_lines(file))
    envs = _envs(file)
    texts: list[str] = []
    for item, env in zip(file, envs, strict=True):
        match item:
            case Part(name):
                texts.append(f"## ({name}) Part {name}\n")
            case Block(given):
                texts.append(_block(given, env, style))
            case Line():
                texts.append(_display(next(scoped), style))
    return "\n".join(texts)


def _envs(file: File) -> list[list[Env]]:
    """For each item the scopes before each of its declarations."""
    found: list[list[Env]] = []
    for number, item in enumerate(file):
        if isinstance(item, Block):
            before = file[:number]
            found.append(
                [_env_after((*before, Block(item.given[:n]))) for n in range(len(item.given))]
            )
        else:
            found.append([])
    return found


def _env_after(items: Sequence[Item]) -> Env:
    probe = Line(Num(Fraction(0)), Num(Fraction(0)))
    return scoped_lines((*items, probe))[-1].env


def _block(given: Sequence[Declaration], envs: list[Env], style: Style) -> str:
    lines: list[str] = []
    joined = style.pick("declarations") == "joined"
    reals = style.pick("reals")
    pairs = list(zip(given, envs, strict=True))
    for key, group in groupby(pairs, key=lambda pair: _likeness(pair[0])):
        members = list(group)
        if joined and key and len(members) > 1:
            names = ", ".join(_name(each) for each, _ in members)
            lines.append(_declared(members[0][0], members[0][1], style, names, reals))
        else:
            lines += [_declared(each, env, style, _name(each), reals) for each, env in members]
    return "\n".join(["```given", *lines, "```"])


def _likeness(declaration: Declaration) -> str:
    """The same for declarations that can stand on one line; empty for those that cannot."""
    match declaration:
        case Size(_, least):
            return f"size {least}"
        case Index(_, axis, named):
            return f"index {axis} {named}"
        case Scalar(_, positive, numbers):
            return f"scalar {positive} {numbers}"
        case Vector(_, axis, False, None, numbers):
            return f"vector {axis} {numbers}"
        case Matrix(_, rows, columns, symmetric, said, None):
            return f"matrix {rows} {columns} {symmetric} {said}"
    return ""


def _name(declaration: Declaration) -> str:
    return "" if isinstance(declaration, Assume) else declaration.name


def _declared(declaration: Declaration, env: Env, style: Style, names: str, reals: str) -> str:
    match declaration:
        case Size(_, least):
            return f"size {names} >= {least}"
        case Index(_, axis, named):
            return f"index {names} in " + (f"{named} = 1..{axis}" if named else f"1..{axis}")
        case Scalar(_, _, "(0, 1)") if style.chance(0.5) and "," not in names:
            return f"scalar 0 < {names} < 1"
        case Scalar(_, _, numbers) if numbers:
            return f"scalar {names} in {numbers}"
        case Scalar(_, positive):
            return f"scalar {names}{' > 0' if positive else ''}"
        case Vector():
            return _vector(declaration, env, style, names, reals)
        case Matrix(_, rows, columns, symmetric, said):
            more = (", symmetric" if symmetric else "") + (f", {said}" if said else "")
            text = f"matrix {names} in {reals}^{{{rows} x {columns}}}{more}"
            return text + _added_up(declaration, env, style)
        case Family(name, letter, axis, _, whole, columns):
            matrix = f", {'columns' if columns else 'rows'} of {whole}" if whole else ""
            return f"vectors {name}_{letter} in {reals}^{axis}{matrix}"
        case Labels(name, letter, _, named, places):
            return f"list {name}_{letter} in {named}, {letter} in 1..{places}"
        case Subset(name, axis, labels, letter, place):
            if not labels:
                return f"subset {name} of 1..{axis}"
            return rf"subset {name}_{letter} = \{{{place} : {labels}_{place} = {letter}\}}"
        case Define(name, parameters, letters, _, body):
            inner = dict(env)
            inner.update({each.name: Cell() for each in parameters if each.kind == "number"})
            right = Writer(style, inner).text(body)
            return f"define {name}{_head(parameters, letters)} = {right}"
        case Arbitrary(name, parameters):
            return f"arbitrary {name}{_head(parameters, ())}"
        case Assume(what):
            return f"if {_assumption(what, Writer(style, env), env)}"


def _added_up(given: Matrix, env: Env, style: Style) -> str:
    """What each row adds up to, for the letter of the rows that is declared."""
    if given.total is None:
        return ""
    row = _letter_of(given.rows, env)
    column = next(name for name in "kijst" if name not in (given.columns, row))
    below = f"{row}, {column}" if style.chance(0.5) else f"{row} {column}"
    summed = rf"\sum_{{{column}=1}}^{{{given.columns}}} {given.name}_{{{below}}}"
    return f"\nif {summed} = {given.total}"


def _letter_of(size: str, env: Env) -> str:
    """A letter that was declared for the members of 1..n."""
    axis = env[size]
    return next(
        name
        for name, cell in env.items()
        if isinstance(cell, Cell) and isinstance(cell.declaration, Index) and cell.axes == (axis,)
    )


def _vector(given: Vector, env: Env, style: Style, names: str, reals: str) -> str:
    """A vector, what is said of its entries and of their sum."""
    letter = next(name for name in "kijst" if given.axis != name)
    above = f", {names}_{letter} > 0" if given.positive else ""
    if given.numbers == "(0, 1)" and "," not in names and style.chance(0.5):
        above = f", 0 < {names}_{letter} < 1"
    elif given.numbers:
        reals = given.numbers
    text = f"vector {names} in {reals}^{given.axis}{above}"
    if given.total is None:
        return text
    declared = any(
        isinstance(cell, Cell) and isinstance(cell.declaration, Index) and name == letter
        for name, cell in env.items()
    )
    short = declared and style.chance(0.5)
    sign = rf"\sum_{letter}" if short else rf"\sum_{{{letter}=1}}^{{{given.axis}}}"
    return f"{text}\nif {sign} {names}_{letter} = {given.total}"


def _head(parameters: Sequence[Parameter], letters: Sequence[str]) -> str:
    if parameters:
        return f"({', '.join(each.name for each in parameters)})"
    if letters:
        return f"_{letters[0]}" if len(letters) == 1 else f"_{{{''.join(letters)}}}"
    return ""


def _assumption(what: Assumption, writer: Writer, env: Env) -> str:
    match what:
        case Comparison():
            return writer.comparison(what)
        case Distinct(name):
            return f"{_entries(name, env)} distinct"
        case NotAmong(label, name):
            return rf"{label.name} \notin \{{{_entries(name, env)}\}}"


def _entries(name: str, env: Env) -> str:
    cell = env[name]
    assert isinstance(cell, Cell)
    assert isinstance(cell.declaration, Labels)
    return f"{name}_1, ..., {name}_{cell.declaration.places}"


def _display(scoped: Scoped, style: Style) -> str:
    writer, line = Writer(style, scoped.env), scoped.line
    left, right = writer.text(line.left), writer.text(line.right)
    before, behind, below = "", "", ""
    if line.conditions:
        texts = [writer.comparison(each) for each in line.conditions]
        match style.pick("line condition"):
            case "- if":
                below = "".join(f"\n- if ${text}$" for text in texts)
            case "(c)":
                behind = rf" \quad ({', '.join(texts)})"
            case ", c":
                behind = rf", \quad {', '.join(texts)}"
            case r"c \Rightarrow":
                before = rf"{', '.join(texts)} \Rightarrow "
            case _:
                behind = rf" \quad \text{{if }} {', '.join(texts)}"
    left = before + left
    match style.pick("display"):
        case "lines":
            shown = f"$$\n{left}\n= {right}{behind}\n$$"
        case "aligned":
            shown = rf"$$\begin{{aligned}} {left} &= {right}{behind} \end{{aligned}}$$"
        case "stop":
            shown = f"$${left} = {right}{behind or '.'}$$"
        case "(3)":
            shown = rf"$${left} = {right}{behind} \qquad (3)$$"
        case r"\boxed":
            shown = rf"$$\boxed{{{left} = {right}}}{behind}$$"
        case r"\begin{array}":
            shown = rf"$$\begin{{array}}{{rcl}} {left} & = & {right}{behind} \end{{array}}$$"
        case r"\therefore":
            shown = rf"$$\therefore {left} = {right}{behind} \quad \blacksquare$$"
        case r"&& \text":
            shown = (
                rf"$$\begin{{align}} {left} &= {right}{behind} && \text{{as said}} \end{{align}}$$"
            )
        case ":=":
            shown = f"$${left} := {right}{behind}$$"
        case "tag":
            shown = rf"$${left} = {right}{behind} \tag{{3}}$$"
        case _:
            shown = f"$${left} = {right}{behind}$$"
    return f"{shown}{below}\n"
