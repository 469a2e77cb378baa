"""Algebra of terms: shapes, free names, substitution, derivatives by the rules."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from random import Random
from typing import TypeVar

from tests.lines.tree import (
    ONE,
    TWO,
    ZERO,
    Add,
    Apply,
    Arbitrary,
    Call,
    Cell,
    Closure,
    Comparison,
    Define,
    Deriv,
    Det,
    Div,
    Dot,
    Either,
    Entry,
    Env,
    Family,
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
    Num,
    Odot,
    Picked,
    Pow,
    Prime,
    Prod,
    Ranged,
    Scalar,
    SetName,
    Size,
    Subset,
    Sum,
    Term,
    Trace,
    Transpose,
    Unit,
    Vector,
    Whole,
    WholeOf,
    children,
    letter_in,
    map_members,
    members,
    names_in,
    own_names,
    scoped_lines,
    with_children,
)

Shape = tuple[str | None, str | None] | tuple[()]
SPARE = "lpqrhsgm"  # letters for sums that nobody declared


class Unfit(Exception):
    """A rewriting or expansion that cannot be made here."""


class Context:
    """Declared names at the end of a file, each by its kind."""

    def __init__(self, env: Env) -> None:
        self.env = env
        self._names = {binding: name for name, binding in env.items()}
        self.sizes: list[str] = []
        self.scalars: list[str] = []
        self.letters: dict[str, str] = {}
        self.labels: dict[str, str] = {}  # the set of labels 1..n, by n
        self.vectors: dict[str, str] = {}
        self.matrices: dict[str, tuple[str, str]] = {}
        self.families: dict[str, tuple[str, str]] = {}
        self.wholes: dict[str, str] = {}  # the matrix of a family, and the family
        self.lists: dict[str, tuple[str, str]] = {}
        self.defined: dict[str, Closure] = {}
        self.arbitrary: dict[str, Arbitrary] = {}
        self.subsets: dict[str, tuple[str, str]] = {}  # what it is of, and of which labels
        self.positive: set[str] = set()
        self.symmetric: set[str] = set()
        self.totals: dict[str, int] = {}  # what the entries of a vector add up to
        self.row_totals: dict[str, int] = {}  # and those of each row of a matrix
        self.least: dict[str, int] = {}
        self.numbers: dict[str, str] = {}  # of which set a number or entry is, if that is said
        for name, binding in env.items():
            self._sort(name, binding)

    def _sort(self, name: str, binding: Cell | WholeOf | Closure) -> None:
        if isinstance(binding, Closure):
            self.defined[name] = binding
            return
        if isinstance(binding, WholeOf):
            family = self._names.get(binding.cell)
            if family is not None:
                self.wholes[name] = family
            return
        declaration = binding.declaration
        found = [self._names.get(axis, "") for axis in binding.axes]
        if isinstance(declaration, Subset) and declaration.list:
            found = found[:1]
        if not all(found) and not isinstance(declaration, Arbitrary):
            return  # its size is hidden
        match declaration:
            case Size(_, least):
                self.sizes.append(name)
                self.least[name] = least
            case Scalar(_, positive, numbers):
                self.scalars.append(name)
                self.numbers[name] = numbers
                self.positive |= {name} if positive else set()
            case Index(_, _, named):
                self.letters[name] = found[0]
                if named:
                    self.labels[found[0]] = named
            case Vector(_, _, positive, total, numbers):
                self.numbers[name] = numbers
                self.vectors[name] = found[0]
                self.positive |= {name} if positive else set()
                if total is not None:
                    self.totals[name] = total
            case Matrix(symmetric=symmetric, total=total):
                self.matrices[name] = (found[0], found[1])
                if total is not None:
                    self.row_totals[name] = total
                self.symmetric |= {name} if symmetric else set()
            case Family():
                self.families[name] = (found[0], found[1])
            case Labels():
                self.lists[name] = (found[0], found[1])
            case Arbitrary():
                self.arbitrary[name] = declaration
            case Subset(_, axis, labels):
                self.subsets[name] = axis, labels

    def letters_of(self, axis: str) -> list[str]:
        """The letters declared for the members of 1..n."""
        return [name for name, known in self.letters.items() if known == axis]

    def axes(self) -> list[str]:
        """Sizes that something runs over."""
        return [size for size in self.sizes if self.letters_of(size)]

    # Shapes

    def shape(self, term: Term, holes: Mapping[str, Shape] | None = None) -> Shape:
        """Rows and columns of a term, nothing for a number; raises Unfit where they clash."""
        holes = holes or {}
        match term:
            case Name(name):
                return self._shape_of_name(name, holes)
            case Unit(axis):
                return (axis, axis)
            case Picked(family, _):
                return (self.families[family][1], None)
            case Prod():
                return ()
            case Sum(_, _, _, inner) | Neg(inner) | Div(inner, _):
                return self.shape(inner, holes)
            case Deriv(_, by):
                return self.shape(by, holes)
            case Transpose(of):
                found = self.shape(of, holes)
                return (found[1], found[0]) if found else ()
            case Add(parts):
                shapes = {self.shape(part, holes) for part in parts}
                if len(shapes) != 1:
                    raise Unfit
                return shapes.pop()
            case Mul(parts):
                arrays = [found for part in parts if (found := self.shape(part, holes))]
                if len(arrays) > 1:
                    raise Unfit
                return arrays[0] if arrays else ()
            case Matmul(left, right):
                one, other = self.shape(left, holes), self.shape(right, holes)
                if not one or not other or one[1] != other[0]:
                    raise Unfit
                outer = (one[0], other[1])
                return () if outer == (None, None) else outer
            case Odot(left, right) | Dot(left, right):
                found = self.shape(left, holes)
                if not found or self.shape(right, holes) != found:
                    raise Unfit
                return found if isinstance(term, Odot) else ()
            case Trace(of) | Det(of) | Inv(of):
                found = self.shape(of, holes)
                if not found or found[0] is None or found[0] != found[1]:
                    raise Unfit
                return found if isinstance(term, Inv) else ()
            case Call(name, _) if name in self.defined:
                return self.shape(self.defined[name].definition.body, holes)
        return ()

    def _shape_of_name(self, name: str, holes: Mapping[str, Shape]) -> Shape:
        if name in holes:
            return holes[name]
        if name in self.vectors:
            return (self.vectors[name], None)
        if name in self.matrices:
            return self.matrices[name]
        if name in self.wholes:
            members, axis = self.families[self.wholes[name]]
            binding = self.env[name]
            columns = isinstance(binding, WholeOf) and binding.columns
            return (axis, members) if columns else (members, axis)
        if name in self.defined:
            definition: Define = self.defined[name].definition
            if definition.letters:
                axes = definition.axes
                return (axes[0], axes[1] if len(axes) > 1 else None)
            return self.shape(definition.body, holes)
        return ()

    # Letters

    def fresh(self, axis: str, avoid: set[str], random: Random | None = None) -> str:
        """A letter for a new sum over 1..n that is not among those to avoid."""
        known = [name for name in self.letters_of(axis) if name not in avoid]
        spare = [name for name in SPARE if name not in avoid and name not in self.env]
        if random is not None and known and random.random() < 0.8:
            return random.choice(known)
        found = next(iter([*known, *spare]), "")
        if not found:
            raise Unfit
        return found


def context_after(items: tuple[Item, ...]) -> Context:
    """What can be used behind these items."""
    return Context(scoped_lines((*items, Line(ZERO, ZERO)))[-1].env)


Binding = TypeVar("Binding", Sum, Prod)

# Without noughts and ones -------------------------------------------------------------------


def add(*parts: Term) -> Term:
    """A sum, nested ones as one."""
    flat: list[Term] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Add) else (part,))
    kept = tuple(part for part in flat if part not in (ZERO, Neg(ZERO)))
    if not kept:
        return ZERO
    return kept[0] if len(kept) == 1 else Add(kept)


def mul(*parts: Term) -> Term:
    """A product, nested ones as one."""
    flat: list[Term] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Mul) else (part,))
    if ZERO in flat:
        return ZERO
    kept = tuple(part for part in flat if part != ONE)
    if not kept:
        return ONE
    return kept[0] if len(kept) == 1 else Mul(kept)


def neg(term: Term) -> Term:
    """The negative."""
    if isinstance(term, Neg):
        return term.of
    return ZERO if term == ZERO else Neg(term)


def number(value: int | Fraction) -> Term:
    """A number as a term."""
    return Neg(Num(-Fraction(value))) if value < 0 else Num(Fraction(value))


def total(letter: str, axis: str, body: Term) -> Term:
    """A sum over all of 1..n."""
    return ZERO if body == ZERO else Sum(letter, Whole(axis), (), body)


# Names --------------------------------------------------------------------------------------


def free_names(term: Term) -> set[str]:
    """Names and letters that occur free."""
    if isinstance(term, Ranged):
        inside = free_names(term.body)
        for condition in term.conditions:
            inside |= {letter_in(condition.left), letter_in(condition.right)}
        inside.discard(term.letter)
        outside = {term.over.axis}
        if not isinstance(term.over, Whole):
            outside |= {letter_in(term.over.low), letter_in(term.over.high)}
        lists = {each.list for each in members(term) if isinstance(each, Listed)}
        return (inside | outside | lists) - {""}
    found = own_names(term)
    for child in children(term):
        found |= free_names(child)
    return found


Given = Mapping[str, Term | Member]


def substitute(term: Term, given: Given, context: Context) -> Term:
    """Free names and letters replaced; bound letters give way. Raises Unfit where none fits."""
    mine = {name: new for name, new in given.items() if name in free_names(term)}
    if not mine:
        return term
    if isinstance(term, Ranged):
        return _under(term, mine, context)
    if isinstance(term, Name) and term.name in mine:
        return _as_term(mine[term.name])
    if isinstance(term, Picked | Call) and isinstance(mine.get(getattr(term, "name", "")), Term):
        raise Unfit
    if isinstance(term, Deriv):
        _require_held(term, mine, context)
    changed = map_members(term, lambda member: _member(member, mine))
    return with_children(
        changed, tuple(substitute(child, given, context) for child in children(changed))
    )


def variable_of(by: Term) -> str:
    """The name of what a derivative is taken by."""
    base = by.of if isinstance(by, Entry) else by
    return base.family if isinstance(base, Picked) else getattr(base, "name", "")


def _require_held(term: Deriv, given: Given, context: Context) -> None:
    """What is put in under a derivative must not vary with what that is taken by."""
    if variable_of(term.by) in incoming(given, context):
        raise Unfit


def incoming(given: Given, context: Context) -> set[str]:
    """The names that are replaced, and all that what is put in depends on."""
    new = [reachable(each, context) for each in given.values() if isinstance(each, Term)]
    return set(given).union(*new)


def _under(term: Ranged, given: Given, context: Context) -> Term:
    """Under a sum: its range is read outside, the rest inside."""
    incoming = set().union(*(_names_of(new) for new in given.values()))
    if term.letter in incoming:
        taken = incoming | names_in(term) | set(given)
        letter = context.fresh(term.over.axis, taken)
        if isinstance(term, Sum):
            term = relabelled(term, letter, context)
        else:
            term = relabelled(term, letter, context)
    inner = {name: new for name, new in given.items() if name != term.letter}
    over = term.over
    if not isinstance(over, Whole):
        outer = map_members(Sum("", over, (), ZERO), lambda member: _member(member, given))
        assert isinstance(outer, Sum)
        over = outer.over
    held = map_members(Sum("", Whole(""), term.conditions, ZERO), lambda m: _member(m, inner))
    assert isinstance(held, Sum)
    body = substitute(term.body, inner, context)
    return type(term)(term.letter, over, held.conditions, body)


def relabelled(term: Binding, letter: str, context: Context) -> Binding:
    """The sum, or product, over another letter."""
    inner = Sum("", Whole(""), term.conditions, ZERO)
    held = map_members(inner, lambda member: _member(member, {term.letter: Letter(letter)}))
    assert isinstance(held, Sum)
    body = substitute(term.body, {term.letter: Letter(letter)}, context)
    return type(term)(letter, term.over, held.conditions, body)


def _names_of(new: Term | Member) -> set[str]:
    if isinstance(new, Term):
        return free_names(new)
    return {letter_in(new)} - {""}


def _as_term(new: Term | Member) -> Term:
    if isinstance(new, Letter):
        return Name(new.name)
    if isinstance(new, Moved):
        return add(Name(new.of.name), number(new.by))
    if isinstance(new, Term):
        return new
    raise Unfit


def _member(member: Member, given: Given) -> Member:
    new = given.get(letter_in(member))
    if isinstance(new, Name):
        new = Letter(new.name)
    if new is None:
        return member
    if isinstance(new, Term):
        raise Unfit
    match member:
        case Letter():
            return new
        case Moved(_, by) if isinstance(new, Letter):
            return Moved(new, by)
        case Moved(_, by) if isinstance(new, Moved):
            return Moved(new.of, new.by + by) if new.by + by else new.of
        case Listed(name, _) if isinstance(new, Letter):
            return Listed(name, new)
        case SetName(name, _) if isinstance(new, Letter):
            return SetName(name, new)
    raise Unfit


# What a term depends on ---------------------------------------------------------------------


def reachable(term: Term, context: Context) -> set[str]:
    """Free names of a term, and of the definitions that it uses."""
    found = free_names(term)
    todo = [context.defined[name] for name in found if name in context.defined]
    seen: set[Closure] = set()
    while todo:
        closure = todo.pop()
        if closure in seen:
            continue
        seen.add(closure)
        for name in free_names(closure.definition.body):
            binding = closure.env.get(name)
            if isinstance(binding, Closure):
                todo.append(binding)
            elif binding is not None and binding is context.env.get(name):
                found.add(name)
    for name in list(found):
        binding = context.env.get(name)
        if isinstance(binding, WholeOf):
            found.add(context.wholes.get(name, name))
        if name in context.arbitrary:
            found |= {each.name for each in context.arbitrary[name].parameters if each.axis}
    return found


# Entries ------------------------------------------------------------------------------------


def entry_of(
    term: Term, row: Member | None, column: Member | None, context: Context, bound: set[str]
) -> Term:
    """An entry of an array, or a number, in index notation one step further down."""
    at = tuple(each for each in (row, column) if each is not None)
    avoid = free_names(term) | {letter_in(each) for each in at} | bound

    def inner(part: Term, i: Member | None, j: Member | None, more: str = "") -> Term:
        return entry_of(part, i, j, context, bound | ({more} if more else set()))

    match term:
        case Matmul(left, right):
            middle = context.shape(left)
            assert middle
            if middle[1] is None:
                return mul(inner(left, row, None), inner(right, None, column))
            letter = context.fresh(middle[1], avoid)
            k = Letter(letter)
            body = mul(inner(left, row, k, letter), inner(right, k, column, letter))
            return total(letter, middle[1], body)
        case Dot(left, right):
            return inner(Matmul(Transpose(left), right), None, None)
        case NormSquared(of):
            return inner(Matmul(Transpose(of), of), None, None)
        case Transpose(of):
            return inner(of, column, row)
        case Add(parts):
            return add(*(inner(part, row, column) for part in parts))
        case Neg(of):
            return neg(inner(of, row, column))
        case Mul(parts):
            return mul(*(inner(p, row, column) if context.shape(p) else p for p in parts))
        case Div(over, under):
            return Div(inner(over, row, column), under)
        case Odot(left, right):
            return mul(inner(left, row, column), inner(right, row, column))
        case Sum(letter, over, _, _) if at:
            if letter in {letter_in(each) for each in at}:
                term = relabelled(term, context.fresh(over.axis, avoid | {letter}), context)
            return Sum(
                term.letter,
                over,
                term.conditions,
                inner(term.body, row, column, term.letter),
            )
        case Deriv(of, by) if at and context.shape(by):
            entry = entry_of(by, row, column, context, bound)
            if not isinstance(entry, Entry):
                raise Unfit
            return Deriv(of, entry)
        case Name(name) if name in context.wholes and at:
            binding = context.env[name]
            columns = isinstance(binding, WholeOf) and binding.columns
            which, place = (column, row) if columns else (row, column)
            if which is None or place is None:
                raise Unfit
            return Entry(Picked(context.wholes[name], which), (place,))
        case Name() | Picked() | Inv() if at:
            return Entry(term, at)
    return term


def is_label(letter: str, context: Context) -> bool:
    """Whether a declared letter stands for labels, which are no numbers."""
    binding = context.env.get(letter)
    declaration = binding.declaration if isinstance(binding, Cell) else None
    return isinstance(declaration, Index) and bool(declaration.set)


By = Name | Entry


class Derive:
    """Derivatives by one variable: a number, or an entry of an array.

    What depends on it through an arbitrary function stays a derivative. Raises Unfit for what no
    rule is known for.
    """

    def __init__(self, by: By, context: Context, bound: set[str], random: Random) -> None:
        self.by, self.context, self.random = by, context, random
        self.bound = bound
        base = by.of if isinstance(by, Entry) else by
        self.name = variable_of(by)
        self.letters = {letter_in(m) for m in (*members(by), *members(base))} - {""}
        self.lists = {m.list for m in (*members(by), *members(base)) if isinstance(m, Listed)}
        if not self.name:
            raise Unfit

    def of(self, term: Term) -> Term:
        """The derivative of a number."""
        if self.name not in reachable(term, self.context):
            return ZERO
        match term:
            case Name() if term == self.by:
                return ONE
            case Name() | Call() if not self._is_arbitrary(term):
                return self._of_definition(term)
            case Call():
                return self._of_arbitrary(term)
            case Prime(name, argument):
                return self._of_prime(name, argument, term)
            case Entry():
                return self._of_entry(term)
            case Add(parts):
                return add(*(self.of(part) for part in parts))
            case Neg(of):
                return neg(self.of(of))
            case Mul(parts):
                return add(*(self._one_varied(parts, n) for n in range(len(parts))))
            case Div(over, under):
                return self._of_quotient(over, under)
            case Pow(base, exponent):
                raised = base if exponent == 2 else Pow(base, exponent - 1)
                return mul(number(exponent), raised, self.of(base))
            case Apply("exp", of):
                return mul(term, self.of(of))
            case Apply("log", of):
                return Div(self.of(of), of)
            case Apply(_, of):
                return mul(_slope(term), self.of(of))
            case Holds():
                return ZERO
            case Either(left, sign, right, then, otherwise):
                return Either(left, sign, right, self.of(then), self.of(otherwise))
            case Sum():
                return self._of_sum(term)
            case Prod():
                return self._of_product(term)
            case Matmul() | Dot() | NormSquared():
                return self.of(entry_of(term, None, None, self.context, self.bound | self.letters))
            case Deriv(of, by) if isinstance(by, Name | Entry):
                return self._of_derivative(of, by, term)
        raise Unfit

    def _is_arbitrary(self, term: Name | Call) -> bool:
        return term.name in self.context.arbitrary

    def _one_varied(self, parts: tuple[Term, ...], n: int) -> Term:
        return mul(*parts[:n], self.of(parts[n]), *parts[n + 1 :])

    def _of_quotient(self, over: Term, under: Term) -> Term:
        if self.name not in reachable(under, self.context):
            return Div(self.of(over), under)
        below = Pow(under, 2)
        above = add(mul(self.of(over), under), neg(mul(over, self.of(under))))
        return Div(above, below)

    def _of_sum(self, term: Sum) -> Term:
        if term.letter in self.letters or term.letter == self.name:
            avoid = self.letters | names_in(term) | self.bound | {self.name}
            term = relabelled(term, self.context.fresh(term.over.axis, avoid), self.context)
        inner = Derive(self.by, self.context, self.bound | {term.letter}, self.random)
        body = inner.of(term.body)
        return ZERO if body == ZERO else Sum(term.letter, term.over, term.conditions, body)

    def _of_product(self, term: Prod) -> Term:
        """Each factor varied in turn, times all the others."""
        if term.letter in self.letters or term.letter == self.name:
            avoid = self.letters | names_in(term) | self.bound | {self.name}
            term = relabelled(term, self.context.fresh(term.over.axis, avoid), self.context)
        avoid = self.letters | names_in(term) | self.bound | {self.name}
        other = self.context.fresh(term.over.axis, avoid)
        inner = Derive(self.by, self.context, self.bound | {term.letter}, self.random)
        slope = inner.of(term.body)
        if slope == ZERO:
            return ZERO
        others = relabelled(term, other, self.context)
        apart = Comparison(Letter(other), "!=", Letter(term.letter))
        others = Prod(other, term.over, (*others.conditions, apart), others.body)
        return Sum(term.letter, term.over, term.conditions, mul(slope, others))

    def _of_entry(self, term: Entry) -> Term:
        match term.of, self.by:
            case Name(name), _ if name in self.context.defined:
                return self.of(unfolded(term, self.context, self.bound))
            case Name(name), Entry(Name(other), at) if name == other:
                return mul(*(_same(a, b) for a, b in zip(term.at, at, strict=True)))
            case Picked(name, member), Entry(Picked(other, at), place) if name == other:
                return mul(_same(member, at), _same(term.at[0], place[0]))
            case Name() | Picked(), _:
                return ZERO
        row = term.at[0]
        column = term.at[1] if len(term.at) > 1 else None
        shape = self.context.shape(term.of)
        if column is None and shape and shape[0] is None:
            raise Unfit
        return self.of(entry_of(term.of, row, column, self.context, self.bound | self.letters))

    def _of_definition(self, term: Name | Call) -> Term:
        closure = self.context.defined.get(term.name)
        if closure is None:
            raise Unfit
        if isinstance(term, Call) and len(term.arguments) == 1 and self.random.random() < 0.5:
            (parameter,), (argument,) = closure.definition.parameters, term.arguments
            own = reachable(closure.definition.body, self.context) - {parameter.name}
            if parameter.kind == "number" and isinstance(argument, Term) and self.name not in own:
                return mul(Prime(term.name, argument), self.of(argument))
        return self.of(unfolded(term, self.context, self.bound))

    def _of_arbitrary(self, term: Call) -> Term:
        parameters = self.context.arbitrary[term.name].parameters
        numbers = [
            each
            for each, parameter in zip(term.arguments, parameters, strict=True)
            if parameter.kind == "number" and isinstance(each, Term)
        ]
        if len(parameters) == 1 and numbers:
            return mul(Prime(term.name, numbers[0]), self.of(numbers[0]))
        return Deriv(term, self.by)

    def _of_prime(self, name: str, argument: Term, term: Prime) -> Term:
        if name in self.context.arbitrary:
            return Deriv(term, self.by)
        return self.of(prime_unfolded(term, self.context, self.bound, self.random))

    def _of_derivative(self, of: Term, by: By, term: Deriv) -> Term:
        first = Derive(by, self.context, self.bound, self.random).of(of)
        if isinstance(first, Deriv):
            return Deriv(first, self.by)
        return self.of(first)


def prime_unfolded(term: Prime, context: Context, bound: set[str], random: Random) -> Term:
    """``f'(z)`` written out: the derivative by the parameter, at the argument."""
    closure = context.defined.get(term.name)
    if closure is None or len(closure.definition.parameters) != 1:
        raise Unfit
    (parameter,) = closure.definition.parameters
    if parameter.kind != "number":
        raise Unfit
    body = closure.definition.body
    for free in free_names(body) - {parameter.name}:
        if free in bound or closure.env.get(free) is not context.env.get(free):
            raise Unfit
    within = inside(context, parameter.name)
    slope = Derive(Name(parameter.name), within, bound, random).of(body)
    held: Given = {parameter.name: term.argument}
    return substitute(_settled(slope, held, within), held, context)


def inside(context: Context, *parameters: str) -> Context:
    """The context inside a definition: parameters are numbers, whatever is called so outside."""
    return Context({**context.env, **{name: Cell(Scalar(name)) for name in parameters}})


def gradient(term: Term, by: Name, context: Context, bound: set[str], random: Random) -> Term:
    """The derivative by a vector or matrix, where a rule of matrix calculus is known."""
    if by.name not in reachable(term, context):
        return ZERO

    def of(inner: Term) -> Term:
        return gradient(inner, by, context, bound, random)

    def free(inner: Term) -> bool:
        return by.name not in reachable(inner, context)

    match term:
        case Add(parts):
            return add(*(of(part) for part in parts))
        case Neg(inner):
            return neg(of(inner))
        case Mul(parts):
            return add(
                *(mul(*parts[:n], *parts[n + 1 :], of(part)) for n, part in enumerate(parts))
            )
        case Div(over, under) if free(under):
            return Div(of(over), under)
        case NormSquared(inner):
            return mul(number(2), _turned_out(inner, inner, by, context))
        case Dot(left, right):
            first = ZERO if free(left) else _turned_out(left, right, by, context)
            second = ZERO if free(right) else _turned_out(right, left, by, context)
            return add(first, second)
        case Matmul(Transpose(left), right):
            return of(Dot(left, right))
        case Matmul(Matmul(left, middle), right):
            return of(Matmul(left, Matmul(middle, right)))
        case Call(name, _) | Name(name) if name in context.defined:
            return of(unfolded(term, context, bound))
        case Sum(letter, over, conditions, body) if letter != by.name:
            return Sum(
                letter, over, conditions, gradient(body, by, context, bound | {letter}, random)
            )
        case Apply("exp", inner):
            return mul(term, of(inner))
        case Pow(base, exponent):
            raised = base if exponent == 2 else Pow(base, exponent - 1)
            return mul(number(exponent), raised, of(base))
    raise Unfit


def _slope(term: Apply) -> Term:
    """The derivative of an elementary function at its argument."""
    match term.function:
        case "sqrt":
            return Div(ONE, mul(TWO, term))
        case "abs":
            return Div(term.of, term)
        case "sinh":
            return Apply("cosh", term.of)
        case "cosh":
            return Apply("sinh", term.of)
        case "tanh":
            return Add((ONE, neg(Pow(term, 2))))
        case "sigmoid":
            return mul(term, Add((ONE, neg(term))))
        case "softplus":
            return Apply("sigmoid", term.of)
    raise Unfit


def _turned_out(varied: Term, other: Term, by: Name, context: Context) -> Term:
    """The gradient of varied^T other where ``other`` is held: the Jacobian's transpose on it."""
    if by.name not in reachable(varied, context):
        return ZERO
    match varied:
        case Name(name) if name == by.name and name in context.vectors:
            return other
        case Matmul(left, right) if by.name not in reachable(left, context):
            return _turned_out(right, Matmul(_transposed(left), other), by, context)
        case Matmul(Name(name), right) if name == by.name and name in context.matrices:
            if by.name in reachable(right, context):
                raise Unfit
            return Matmul(other, _transposed(right))
        case Matmul(Transpose(Name(name)), right) if name == by.name and name in context.matrices:
            if by.name in reachable(right, context):
                raise Unfit
            return Matmul(right, _transposed(other))
        case Add(parts):
            return add(*(_turned_out(part, other, by, context) for part in parts))
        case Neg(inner):
            return neg(_turned_out(inner, other, by, context))
        case Mul(parts):
            arrays = [part for part in parts if context.shape(part)]
            scalars = [part for part in parts if not context.shape(part)]
            if any(by.name in reachable(part, context) for part in scalars):
                raise Unfit
            return mul(*scalars, _turned_out(arrays[0], other, by, context))
    raise Unfit


def _transposed(term: Term) -> Term:
    return term.of if isinstance(term, Transpose) else Transpose(term)


def _same(one: Member, other: Member) -> Term:
    if one == other:
        return ONE
    if isinstance(one, Letter | Listed) and isinstance(other, Letter | Listed):
        return Indicator(Comparison(one, "=", other))
    raise Unfit


# Definitions written out --------------------------------------------------------------------


def unfolded(term: Term, context: Context, bound: set[str]) -> Term:
    """The term with the definition it begins with written out.

    Raises Unfit where a name in the definition means something else here.
    """
    name, given = _applied(term)
    closure = context.defined.get(name)
    if closure is None or name in bound:
        raise Unfit
    definition = closure.definition
    own = {each.name for each in definition.parameters} | set(definition.letters)
    for free in free_names(definition.body) - own:
        if free in bound or closure.env.get(free) is not context.env.get(free):
            raise Unfit
    places = [*(p.name for p in definition.parameters if p.kind != "fixed"), *definition.letters]
    fixed = [p.kind == "fixed" for p in definition.parameters]
    if fixed:
        given = [each for each, held in zip(given, fixed, strict=True) if not held]
    if len(given) != len(places):
        raise Unfit
    held = dict(zip(places, given, strict=True))
    parameters = [each.name for each in definition.parameters if each.kind == "number"]
    body = _settled(definition.body, held, inside(context, *parameters))
    return substitute(body, held, context)


def _settled(body: Term, given: Given, context: Context) -> Term:
    """Derivatives taken where what is put in would vary with them."""
    inner = with_children(body, tuple(_settled(c, given, context) for c in children(body)))
    if not isinstance(inner, Deriv):
        return inner
    by = inner.by
    if variable_of(by) not in incoming(given, context) or not isinstance(by, Name | Entry):
        return inner
    return Derive(by, context, set(), Random(0)).of(inner.of)


def _applied(term: Term) -> tuple[str, list[Term | Member]]:
    match term:
        case Name(name):
            return name, []
        case Call(name, arguments):
            return name, list(arguments)
        case Entry(Name(name), at):
            return name, list(at)
    raise Unfit
