"""Cases: a file with one line of known truth, as a writer would write it.

A true line is made by exact rewritings of both sides of an equality, and evaluation has to agree
wherever it looks. A false one is made by a slip, or of two sides that have nothing to do with each
other, and evaluation has to show a difference. All else is dropped, and counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import groupby
from random import Random

from tests.lines.algebra import Context, Unfit, add, context_after, mul, neg, substitute
from tests.lines.evaluate import Truth, examine
from tests.lines.latex import Style, Writer
from tests.lines.random_terms import Equality, Family
from tests.lines.rewritings_of_terms import Site, rewritten, sites
from tests.lines.tree import (
    ONE,
    TWO,
    ZERO,
    Add,
    Apply,
    Arbitrary,
    Assume,
    Assumption,
    Between,
    Block,
    Call,
    Cell,
    Comparison,
    Declaration,
    Define,
    Deriv,
    Distinct,
    Div,
    Dot,
    Either,
    End,
    Entry,
    Env,
    File,
    Holds,
    Index,
    Indicator,
    Inv,
    Item,
    Labels,
    Letter,
    Line,
    Listed,
    Matmul,
    Matrix,
    Member,
    Moved,
    Mul,
    Name,
    Neg,
    NormSquared,
    NotAmong,
    Nth,
    Num,
    Odot,
    Parameter,
    Part,
    Picked,
    Pow,
    Prime,
    Prod,
    Ranged,
    Scalar,
    Scoped,
    Size,
    Subset,
    Sum,
    Term,
    Transpose,
    Vector,
    Whole,
    children,
    map_members,
    members,
    names_in,
    put,
    scoped_lines,
    size_of,
)
from tests.lines.tree import Family as Vectors


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
        case Vectors(name, letter, axis, _, whole, columns):
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


# Slips: what is left out, put in, exchanged, taken for another, or taken term by term.


Slips = Iterator[Term]


def left_out(term: Term, site: Site) -> Slips:
    """A function, a transpose, a factor, a term, a sum, a condition or a derivative forgotten."""
    shape = site.shape(term)
    match term:
        case Add(parts):
            yield from (add(*parts[:n], *parts[n + 1 :]) for n in range(len(parts)))
        case Mul(parts):
            scalars = [n for n, part in enumerate(parts) if not site.shape(part)]
            yield from (mul(*parts[:n], *parts[n + 1 :]) for n in scalars)
        case Div(over, under):
            yield over if under != ONE else mul(over, TWO)
        case Sum(letter, over, conditions, body) | Prod(letter, over, conditions, body):
            if conditions:
                yield type(term)(letter, over, conditions[1:], body)
            elif site.letters().get(letter) == over.axis:
                yield body
            else:
                yield substitute(body, {letter: _other_letter(over.axis, site)}, site.context)
        case Indicator():
            yield ONE
        case Deriv(of, by):
            yield from () if site.shape(by) else (of, of, ZERO)
        case Prime(name, argument):
            yield Call(name, (argument,))
        case NormSquared(of) if (inside := site.shape(of)) and inside[0]:
            yield Pow(Entry(of, (_other_letter(inside[0], site),)), 2)
        case Transpose() | Inv() | Matmul() | Pow() | Apply() | Neg():
            yield from (each for each in children(term) if site.shape(each) == shape)


def put_in(term: Term, site: Site) -> Slips:
    """A transpose, an inverse, a sign, a factor or a power that does not belong there."""
    shape = site.shape(term) if isinstance(term, Name | Matmul) else ()
    if shape and shape[0] == shape[1]:
        yield Transpose(term)
    binding = site.context.env.get(term.name) if isinstance(term, Name) else None
    declaration = binding.declaration if isinstance(binding, Cell) else None
    if isinstance(declaration, Matrix) and declaration.said:
        yield Inv(term)
    match term:
        case Add(parts):
            yield from (Add((*parts[:n], neg(p), *parts[n + 1 :])) for n, p in enumerate(parts))
        case Apply("exp", of):
            yield Apply("exp", neg(of))
        case Mul():
            yield mul(TWO, term)
        case Pow(base, exponent):
            yield from (Pow(base, exponent + 1), Pow(base, exponent - 1) if exponent > 2 else base)


def exchanged(term: Term, site: Site) -> Slips:
    """Factors, subscripts, sides of an inequality or values of cases in the other order."""
    match term:
        case Matmul(left, right) if site.shape(left) == site.shape(right):
            yield Matmul(right, left)
        case Matmul(Matmul(first, left), right) if site.shape(left) == site.shape(right):
            yield Matmul(Matmul(first, right), left)
        case Matmul(left, Matmul(right, last)) if site.shape(left) == site.shape(right):
            yield Matmul(right, Matmul(left, last))
        case Entry(of, (first, second)) if site.axis_of(first) == site.axis_of(second):
            yield Entry(of, (second, first))
        case Holds(left, sign, right):
            yield Holds(right, sign, left)
        case Either(left, sign, right, then, otherwise):
            yield Either(left, sign, right, otherwise, then)


_ALIKE = {
    **{"sinh": "cosh", "cosh": "sinh", "tanh": "sigmoid", "sigmoid": "tanh", "softplus": "exp"},
    **{"abs": "relu", "relu": "abs", "sqrt": "abs", "exp": "softplus", "log": "sqrt"},
}
_OTHER_SIGN = {"=": "!=", "!=": "=", "<": "<=", "<=": "<", "in": "not in", "not in": "in"}


def another(term: Term, site: Site) -> Slips:
    """Another index, name, number, function or sign of the same kind."""
    for old in () if isinstance(term, Ranged) else members(term):
        if isinstance(old, Letter | Listed):
            new = _other_member(old, site)
            yield map_members(term, partial(_put_for, old, new))
    match term:
        case Num(value):
            yield from (Num(each) for each in (value + 1, 2 * value, value / 2, abs(value - 1)))
        case Apply(function, of):
            yield Apply(_ALIKE[function], of)
        case Sum(letter, over, (first, *rest), body):
            other = Comparison(first.left, _OTHER_SIGN[first.sign], first.right)
            yield Sum(letter, over, (other, *rest), body)
        case Indicator(Comparison(left, sign, right)):
            yield Indicator(Comparison(left, _OTHER_SIGN[sign], right))
        case Deriv(of, by):
            others = (each for each in another(by, site) if isinstance(each, Name | Entry | Picked))
            yield from (Deriv(of, each) for each in others)
        case Odot(left, right):
            yield mul(Dot(left, right), right)
        case Dot(left, right) if (shape := site.shape(left)) and shape[0]:
            at = (_other_letter(shape[0], site),)
            yield mul(Entry(left, at), Entry(right, at))
        case Name() | Call() | Prime() | Picked():
            yield from _named_otherwise(term, site)


def _put_for(old: Member, new: Member, member: Member) -> Member:
    return new if member == old else member


def _named_otherwise(term: Name | Call | Prime | Picked, site: Site) -> Slips:
    context = site.context
    match term:
        case Name(name) if name not in site.bound:
            shape = site.shape(term)
            known = [*context.scalars, *context.vectors, *context.matrices]
            names = [Name(n) for n in known if n != name and n not in site.bound]
            yield from (each for each in names if site.shape(each) == shape)
        case Call(name, _) | Prime(name, _):
            alike = [n for n in context.defined if n != name and _alike(n, name, context)]
            yield from (replace(term, name=each) for each in alike)
        case Picked(family, at):
            own = context.families[family]
            names_ = [n for n, each in context.families.items() if each == own and n != family]
            yield from (Picked(each, at) for each in names_)


def moved(term: Term, site: Site) -> Slips:
    """A range that begins or ends elsewhere, an entry before or behind the one that is meant."""
    match term:
        case Sum(letter, Between(axis, low, high), conditions, body):
            ranges = [Between(axis, Nth(1), high), Between(axis, low, End(axis))]
            yield from (Sum(letter, each, conditions, body) for each in ranges)
        case Sum(letter, Whole(axis), conditions, body) if axis not in site.context.labels:
            ranges = [Between(axis, Nth(1), End(axis, -1)), Between(axis, Nth(2), End(axis))]
            yield from (Sum(letter, each, conditions, body) for each in ranges)
        case Entry(of, (Moved(letter, by),)):
            yield from (Entry(of, (each,)) for each in (Moved(letter, -by), letter))
        case Entry(of, (End(size, 0),)):
            yield from (Entry(of, (each,)) for each in (Nth(1), End(size, -1)))
        case Entry(of, (Nth(1),)) if (shape := site.shape(of)) and shape[0] is not None:
            yield Entry(of, (End(shape[0]),))


def term_by_term(term: Term, site: Site) -> Slips:
    """What is no sum of its parts taken as one: exp(a + b), (f g)', the square of a sum."""
    match term:
        case Apply(function, Add(parts)):
            yield add(*(Apply(function, part) for part in parts))
        case Call(name, (Add(parts),)):
            yield add(*(Call(name, (part,)) for part in parts))
        case Pow(Add(parts), exponent):
            yield add(*(Pow(part, exponent) for part in parts))
        case Pow(Sum(letter, over, conditions, body), exponent):
            yield Sum(letter, over, conditions, Pow(body, exponent))
        case Deriv(Mul((first, second)), by) if not site.shape(by):
            yield mul(Deriv(first, by), Deriv(second, by))
        case Mul(parts):
            yield from (part for part in parts if isinstance(part, Prime | Apply))
            sums = [p for p in parts if isinstance(p, Sum)]
            if len(sums) > 1 and sums[0].over == sums[1].over and not sums[1].conditions:
                first, second = sums[:2]
                new = Letter(first.letter)
                other = substitute(second.body, {second.letter: new}, site.context)
                rest = [part for part in parts if part not in sums[:2]]
                yield mul(*rest, Sum(first.letter, first.over, (), mul(first.body, other)))
        case Prod(letter, over, conditions, body):
            yield Sum(letter, over, conditions, body)
            parts = body.parts if isinstance(body, Mul) else ()
            fixed = [part for part in parts if letter not in names_in(part)]
            moving = [part for part in parts if letter in names_in(part)]
            if fixed and moving:
                yield mul(*fixed, Prod(letter, over, conditions, mul(*moving)))


SLIPS = (left_out, put_in, exchanged, another, moved, term_by_term)


def slipped(term: Term, context: Context, random: Random) -> tuple[Term, str] | None:
    """The term with one slip at a random place, and of which kind it is."""
    places = list(sites(term, context, random))
    for slip in random.sample(SLIPS, len(SLIPS)):
        for path, inner, site in random.sample(places, len(places)):
            try:
                found = [each for each in slip(inner, site) if each != inner]
            except Unfit:
                continue
            if found:
                return put(term, path, random.choice(found)), slip.__name__
    return None


def _other_letter(axis: str, site: Site) -> Letter:
    known = [name for name, own in site.letters().items() if own == axis]
    if not known:
        raise Unfit
    return Letter(site.random.choice(known))


def _other_member(old: Member, site: Site) -> Member:
    axis = site.axis_of(old)
    known: list[Member] = [Letter(n) for n, own in site.letters().items() if own == axis]
    for name, (values, places) in site.context.lists.items():
        if values == axis:
            known += [Listed(name, Letter(n)) for n, own in site.letters().items() if own == places]
    known = [member for member in known if member != old]
    if not known:
        raise Unfit
    return site.random.choice(known)


def _alike(one: str, other: str, context: Context) -> bool:
    if other not in context.defined:
        return False
    first, second = (context.defined[n].definition.parameters for n in (one, other))
    return [p.kind for p in first] == [p.kind for p in second]


TIMES = (0, 1, 1, 2, 3)
MOST_TERMS, MOST_BINDERS = 45, 5
UNDECLARED = 0.3  # of the false lines of a family whose equalities need what is declared
MOST_ATTEMPTS = 200


@dataclass(frozen=True)
class Case:
    """A file whose last item is a line, whether that is true, and how it was made."""

    seed: str
    family: str
    kind: str
    how: str
    true: bool
    file: File
    plain: bool = False

    def style(self) -> Style:
        """The spellings that its text is in."""
        return Style(None if self.plain else Random(f"{self.seed}/style"))

    def text(self) -> str:
        """The file as its writer would write it."""
        return written(self.file, self.style())

    @property
    def line(self) -> Line:
        """The line that it is about, the last one."""
        last = self.file[-1]
        assert isinstance(last, Line)
        return last


class NoCase(Exception):
    """No case was found in so many attempts."""


def make(family: Family, seed: str, *, true: bool) -> tuple[Case, Counter[str]]:
    """A case of a family, and why what was tried before it was dropped."""
    dropped: Counter[str] = Counter()
    for attempt in range(MOST_ATTEMPTS):
        here = f"{seed}/{family.name}/{attempt}"
        case = _tried(family, here, true, dropped)
        if case is not None:
            return case, dropped
    raise NoCase(f"{family.name}: {dict(dropped)}")


def _tried(family: Family, seed: str, true: bool, dropped: Counter[str]) -> Case | None:
    random = Random(seed)
    try:
        setting = family.setting(random)
        context = context_after(setting)
        equality = family.equality(random, context)
        needed = not true and family.undeclared and random.random() < UNDECLARED
        left, right, how = _sides(equality, family, context, random, true or bool(needed))
        if needed and family.undeclared:
            setting, how = _declared_as(family.undeclared, setting), f"undeclared, {how}"
    except Unfit:
        dropped["nothing of this kind"] += 1
        return None
    if left == right:
        dropped["both sides the same"] += 1
        return None
    if _too_large(left) or _too_large(right):
        dropped["too large"] += 1
        return None
    file: File = (*setting, Line(left, right, equality.conditions))
    found = examine(scoped_lines(file)[-1], seed).truth
    if found is (Truth.TRUE if true else Truth.FALSE):
        return Case(seed, family.name, equality.kind, how, true, file)
    made = "rewritten, but" if true else "made false, but"
    dropped[f"{made} {found.value}"] += 1
    return None


def _declared_as(
    change: Callable[[Declaration], Declaration], setting: tuple[Item, ...]
) -> tuple[Item, ...]:
    """The same with every declaration changed."""
    return tuple(
        Block(tuple(map(change, item.given))) if isinstance(item, Block) else item
        for item in setting
    )


def _sides(
    equality: Equality, family: Family, context: Context, random: Random, true: bool
) -> tuple[Term, Term, str]:
    left, right = equality.left, equality.right
    left, first = rewritten(left, context, family.rules, random.choice(TIMES) // 2, random)
    right, second = rewritten(right, context, family.rules, random.choice(TIMES), random)
    if random.random() < 0.3:
        left, right = right, left
    if true:
        return left, right, ", ".join((*first, *second))
    way = random.random()
    if way < 0.1:
        return left, _unrelated(left, family, context, random), "a random pair"
    if way < 0.14:
        return left, ZERO, "nought"
    slip = slipped(right, context, random)
    if slip is None:
        raise Unfit
    return (left, slip[0], slip[1]) if random.random() < 0.7 else (slip[0], left, slip[1])


def _unrelated(left: Term, family: Family, context: Context, random: Random) -> Term:
    shape = context.shape(left)
    for _ in range(10):
        other = family.equality(random, context).right
        if context.shape(other) == shape:
            return other
    raise Unfit


def _too_large(term: Term) -> bool:
    return size_of(term) > MOST_TERMS or _binders(term) > MOST_BINDERS


def _binders(term: Term) -> int:
    inside = max(map(_binders, children(term)), default=0)
    return inside + isinstance(term, Ranged | Deriv)
