"""Derivatives by the rules of the textbook, on terms: sum, product, quotient and chain."""

from __future__ import annotations

from random import Random

from tests.lines.algebra import (
    Given,
    add,
    entry_of,
    free_names,
    incoming,
    mul,
    neg,
    number,
    reachable,
    relabelled,
    substitute,
    variable_of,
)
from tests.lines.context import Context, Unfit
from tests.lines.tree import (
    ONE,
    TWO,
    ZERO,
    Add,
    Apply,
    Call,
    Cell,
    Comparison,
    Deriv,
    Div,
    Dot,
    Either,
    Entry,
    Holds,
    Indicator,
    Letter,
    Listed,
    Matmul,
    Member,
    Mul,
    Name,
    Neg,
    NormSquared,
    Picked,
    Pow,
    Prime,
    Prod,
    Scalar,
    Sum,
    Term,
    Transpose,
    children,
    letter_in,
    members,
    names_in,
    with_children,
)

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
