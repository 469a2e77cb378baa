"""Function application: declared functions with their parameters, elementary ones, softmax."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache
from weakref import WeakKeyDictionary

from derivations.indices import Names
from derivations.language.functions import ELEMENTARY, LOG, SIGMOID, WORDS, Elementary
from derivations.language.traversal import (
    abstracted,
    free_in,
    free_in_definition,
    parts,
    with_variables,
)
from derivations.language.tree import (
    Apply,
    Arbitrary,
    ArbitraryCall,
    Argument,
    Call,
    Definition,
    Derivative,
    Extremum,
    IndexVariable,
    Mapped,
    Member,
    Number,
    Quotient,
    Reference,
    Target,
    Term,
    Transpose,
    Variable,
    spelled,
    vector_axis,
)
from derivations.reader import syntax
from derivations.reader.elaborate.constructors import (
    OF_VECTORS,
    SOFTMAX,
    alike,
    applied_to,
    axis_below,
    of_any_size,
    of_matrix,
    of_vector,
    power_of,
)
from derivations.reader.elaborate.derivatives import (
    Operator,
    differentiated,
    is_sign,
    mention_kinks,
    of_entries,
    quotient,
    variable,
)
from derivations.reader.elaborate.indexing import member_in, said
from derivations.reader.elaborate.intermediates import depends
from derivations.reader.environment import (
    JACOBIAN_NAME,
    UNDECLARED_LOSS,
    Environment,
    Function,
    IllFormed,
    Scope,
    Slot,
    beginning,
    fitted,
    ill_formed,
    lowered,
    name_of,
    own_letters,
    plain_name,
    raised_name,
    require,
    resolve,
    shape_of,
)
from derivations.reader.latex_commands import ARRAY_FUNCTIONS, MATRIX_FUNCTIONS
from derivations.reader.source import MOST_POWER, Question, Unreadable
from derivations.reader.syntax import Content, Group, Leaf, Node, Product, Relation, Script, written

# Functions applied to other arrays than those that they were defined with.
#
# ``J(w)``, defined with a declared vector w, is J itself; ``J(v)`` is what its formula says with
# v for w. Where w abbreviates something, what is replaced is that name: ``C(p)`` with p a softmax
# is a formula in p. What its formula mentions through another name is not, and such an
# application is refused: whether the other name varies with it is not said.


def _depends_by_name(body: Term, on: Reference | Call) -> bool:
    """Whether a definition that the body uses mentions it, beside those that it is itself."""
    if body == on:
        return False
    if isinstance(body, Call | Mapped):
        inside = body.definition.body
        if isinstance(on, Reference):
            mentioned = on.variable in free_in_definition(body.definition).variables
        else:
            mentioned = abstracted(inside, on, "part", "part") is not None
        if mentioned:
            return True
    return any(_depends_by_name(part, on) for part in parts(body))


@lru_cache(maxsize=256)
def _generalised_over(meaning: Definition, varied: tuple[Reference | Call, ...]) -> Definition:
    """The definition with variables of its body, and what it abbreviates, made parameters."""
    body = meaning.body
    new: list[Variable] = []
    for each in varied:
        if isinstance(each, Reference):
            variable = Variable(each.shape, each.variable.name, each.variable.latex)
            body = with_variables(body, {each.variable: variable})
        else:
            name = each.definition.name
            lifted = abstracted(body, each, plain_name(name), name)
            assert lifted is not None
            body, variable = lifted
        new.append(variable)
    first = len(meaning.parameters)
    pattern: tuple[str | int, ...] = (meaning.name, "(", *_listed(first + len(new)), ")")
    return Definition(meaning.name, (*meaning.parameters, *new), body, pattern, meaning.names)


def _listed(count: int) -> list[str | int]:
    """All parameters with commas between them."""
    found: list[str | int] = []
    for number in range(count):
        found += [", ", number] if number else [number]
    return found


# Parameters below the name of a function: ``\theta`` in ``\pi_\theta(a)`` and ``f_\theta``.
#
# An arbitrary function depends on those that are declared where it is. One below its name that is
# declared later, or anew, may be meant to be such a parameter as well, and a derivative by it would
# be zero in silence: the function is refused where it is used.


def parameters_below(name: Node, scope: Scope) -> list[Term]:
    """The declared parameters that stand below a name."""
    found: list[Term] = []
    for each in nodes_below(name):
        thing = scope.things.get(name_of(each))
        body = thing.body if thing is not None and not thing.letters else None
        inner = body.of if isinstance(body, Transpose) else body
        if body is not None and isinstance(inner, Reference):
            found.append(body)
    return found


def nodes_below(name: Node) -> Iterator[Node]:
    """The letters that stand below a name."""
    if isinstance(name, Script) and name.sub is not None:
        yield from (item for item in name.sub.items if isinstance(item, Leaf | Script))


def is_number_below(node: Node, scope: Scope) -> bool:
    """Whether a subscript is declared as a number, and may be nothing that counts."""
    name = raised_name(node)
    thing = scope.things.get(name)
    counts = (scope.letters, scope.bound, scope.lists, scope.sets)
    if thing is None or thing.letters or thing.body.shape or any(name in each for each in counts):
        return False
    return isinstance(thing.body, Reference)


def _require_dependence(function: Function, name: Node, scope: Scope) -> None:
    """Refuse an arbitrary function, or a distribution, of none of what is declared below it."""
    meaning = function.meaning
    below = parameters_below(name, scope)
    if not below:
        return
    free = None if isinstance(meaning, Arbitrary) else free_in_definition(meaning)
    if free is not None and not free.functions:
        return  # its formula says what it depends on
    for each in below:
        (variable,) = free_in(each).variables
        if free is None or variable not in free.variables:
            what = f"does {function.name} depend on {variable.name}, which is declared after it?"
            advice = f"declare {variable.name} above {function.name}, or name one of them otherwise"
            raise Unreadable(name.at, written(name), what, advice)


# whose powers stand right behind their names
SQUARED = frozenset({"tanh", "sinh", "cosh", "sin", "cos", "tan"})
EXTREMES = frozenset({"max", "min"})


MOST_PRIMES = 3
MOST_BASE = 100  # of a logarithm


def function_of(node: Node, here: Environment) -> Function | str | None:
    """The function a factor names: a declared one, or the name of an elementary one."""
    base = node.base if isinstance(node, Script) else node
    if isinstance(base, Leaf) and base.kind == "FUNCTION":
        _require_a_word(base, here)
        return base.text
    if isinstance(node, Leaf | syntax.Accented | Script):
        functions = here.scope.functions
        declared = functions.get(raised_name(node), functions.get(name_of(node)))
        if declared is not None:
            _require_dependence(declared, node, here.scope)
            return declared
    if isinstance(base, Leaf) and (base.text == SOFTMAX or base.text in WORDS):
        return base.text
    if isinstance(base, Leaf) and base.kind == "WORD" and base.text in ARRAY_FUNCTIONS:
        if here.scope.declares(base.text):
            return None
        if base.style == "CALLED":
            _require_a_word(base, here)
        return base.text
    if isinstance(base, Leaf) and base.text in OF_VECTORS and not here.scope.declares(base.text):
        return base.text
    return None


def _require_a_word(node: Leaf, here: Environment) -> None:
    """Refuse ``log`` without its backslash where its letters are declared."""
    if node.style in ("BARE", "CALLED"):
        if all(here.scope.declares(c) for c in node.text):
            advice = f"write \\{node.text}, or \\cdot between the letters"
            raise Unreadable(node.at, node.text, "letters side by side, or a function?", advice)
        here.mention(f"{node.text} without a backslash is read as \\{node.text}")


_DOTS = {"dot": 1, "ddot": 2}


def undotted(node: Node, here: Environment) -> Node:
    """``\\dot{x}`` and ``\\ddot{x}`` as ``x'`` and ``x''``, where nothing is called so."""
    dotted = node.base if isinstance(node, Script) and not node.primes else node
    if not isinstance(dotted, syntax.Accented) or dotted.mark not in _DOTS:
        return node
    if here.scope.declares(name_of(dotted)):
        return node
    plain = Script(node.at, dotted.base, primes=_DOTS[dotted.mark])
    return replace(plain, sub=node.sub, sup=node.sup) if isinstance(node, Script) else plain


def bare(function: Function, node: Node, here: Environment) -> Term:
    """A function named without arguments: those it was declared with."""
    slots = [slot for slot in function.slots if slot.parameter is not None and not slot.again]
    arguments = [slot.declared for slot in slots if slot.declared is not None]
    if len(arguments) < len(slots):
        advice = f"write {written(node)}(...) with what it is taken of"
        raise Unreadable(node.at, written(node), "an argument in parentheses is missing", advice)
    for argument in arguments:
        named = (argument,) if isinstance(argument, IndexVariable) else ()
        inside = free_in(argument).indices if isinstance(argument, Term) else {}
        own_letters((*named, *inside), node, here)
    return _applied(function, function.meaning, arguments, node, here)


def call(
    function: Function | str, node: Node, arguments: Content, whole: Node, here: Environment
) -> Term:
    """``function`` of the arguments in brackets."""
    by_name = isinstance(function, Function) and raised_name(node) == function.name
    primes = node.primes if isinstance(node, Script) and not by_name else 0
    power = power_of_function(function, node)
    if power is not None and isinstance(function, str):
        return power_of(elementary(function, arguments, whole, here), power, whole)
    if isinstance(node, Script) and node.sup and not by_name:
        advice = f"write ({written(node.base)}(...))^{{{written(node.sup)}}}"
        raise Unreadable(node.at, written(node), "a power of a function", advice)
    if isinstance(function, str):
        if 1 <= primes <= MOST_PRIMES and function in (ELEMENTARY | WORDS):
            return _primed_elementary(function, primes, arguments, whole, here)
        base = base_of_logarithm(function, node)
        if base is not None:
            return logarithm(elementary(function, arguments, whole, here), base, whole, here)
        if isinstance(node, Script) and node.sub and function not in OF_VECTORS:
            what = "a base or a subscript of an elementary function"
            advice = "\\exp and \\log are natural"
            if function in EXTREMES:
                what, advice = f"\\{function} over a set", f"write \\{function}(a, b)"
            raise Unreadable(node.at, written(node), what, advice)
        if primes:
            raise Unreadable(node.at, written(node), "a prime on an elementary function")
        axis = axis_below(node.sub) if isinstance(node, Script) else ""
        return elementary(function, arguments, whole, here, axis)
    meaning, values = _Matching(function, whole, here).arguments(arguments)
    if not primes:
        return _applied(function, meaning, values, whole, here)
    if primes > MOST_PRIMES or takes_a_number(function) is None:
        advice = f"up to {MOST_PRIMES} primes on a function of one number are"
        raise Unreadable(node.at, written(node), "this derivative is not read", advice)
    return _primed_at(replace(function, meaning=meaning), primes, values, whole, here)


def _primed_at(
    function: Function, primes: int, values: Sequence[Argument], whole: Node, here: Environment
) -> Term:
    """``f'(x)``, ``f''(x)``: derivatives of a function of one number, at a number or each entry."""
    argument = values[0]
    if isinstance(argument, Reference) and primes == 1:
        return derivative_at(function, argument, whole, here)
    primed = prime(function.meaning)
    for _ in range(primes - 1):
        primed = prime(primed)
    mention_kinks(primed.body, here)
    return _applied(function, primed, values, whole, here)


def power_of_function(function: Function | str, node: Node) -> int | None:
    """The power in ``\\tanh^2(x)``; None where there is none, or it may be meant otherwise."""
    if function not in SQUARED or not isinstance(node, Script) or node.sub or node.primes:
        return None
    above = node.sup.only if node.sup else None
    if not isinstance(above, Leaf) or above.kind != "NUMBER" or not above.text.isdigit():
        return None
    return int(above.text) if 2 <= int(above.text) <= MOST_POWER else None


def takes_a_number(function: Function) -> Variable | None:
    """The parameter of a function of one number; None for any other function."""
    own = function.meaning.parameters[len(function.implicit) :]
    if len(own) != 1 or len(function.slots) != 1 or isinstance(own[0], IndexVariable):
        return None
    return None if own[0].shape else own[0]


def derivative_of_bare(inside: Node, by: Node, whole: Node, here: Environment) -> Term | None:
    """The derivative of a function of any number, named without its argument, at ``by``.

    None where ``inside`` is no such function, or is declared of what abbreviates something.
    """
    function = function_of(inside, here)
    if not isinstance(function, Function) or not _is_of_any_number(function):
        return None
    here.note(f"{written(inside)} in a derivative is read as {written(inside)} of {written(by)}")
    at, _ = variable(by, here)
    return derivative_at(function, at, whole, here)


def _is_of_any_number(function: Function) -> bool:
    """Whether it takes one number, and is not declared of what abbreviates something."""
    taken = takes_a_number(function) is not None
    return taken and not isinstance(function.slots[0].declared, Call)


# ``\frac{df}{dt}(a)`` is the derivative at a, or times a. Where f takes one number, a name alone
# in brackets is where it is taken; a formula may be a factor. Of other functions nobody can tell.


@dataclass(frozen=True)
class _Slope:
    """A derivative of a name, or of a function ``applied`` to something: by what, how often."""

    of: Node
    by: Node
    order: int
    applied: bool


def at_a_point(node: Node, group: Group, whole: Node, here: Environment) -> Term | None:
    """A derivative with the point in brackets behind it; None where they may hold a factor."""
    slope, at = _slope(node, here), group.content.only
    if slope is None or at is None:
        return None
    found = function_of(slope.of, here)
    function = found if isinstance(found, Function) else None
    what = f"is it taken at {written(at)}, or multiplied by that?"
    advice = f"write \\left. ... \\right|_{{{written(slope.by)} = ...}}, or \\cdot between"
    question = Question(whole.at, written(whole), what, advice)
    power = isinstance(at, Script) and at.sup and raised_name(at) not in here.scope.things
    if power or not isinstance(at, Leaf | Script | syntax.Accented):
        if function is not None and isinstance(function.meaning, Definition):
            here.question(question)
        return None
    if function is not None and _is_of_any_number(function) and not slope.applied:
        if at != slope.by:
            here.question(question)
        here.note(f"{written(whole)} is read as the derivative at {written(at)}")
        return _primed_at(function, slope.order, [resolve(at, here)], whole, here)
    if at == slope.by:
        return resolve(node, here)
    raise Unreadable(whole.at, written(whole), what, advice)


def _slope(node: Node, here: Environment) -> _Slope | None:
    """The first or second derivative that a factor is, of a function or an abbreviation."""
    order = 1
    if isinstance(node, Group) and isinstance(node.content.only, Product):
        outer, *rest = node.content.only.factors
        if len(rest) != 1 or not isinstance(outer, syntax.Fraction) or not is_sign(outer.over):
            return None
        node, order = rest[0], 2
    found = quotient(node, here)
    if found is None:
        return None
    of, by = found
    applied = isinstance(of, Product) and len(of.factors) == 2 and isinstance(of.factors[1], Group)
    of = of.factors[0] if isinstance(of, Product) and applied else of
    if not isinstance(of, Leaf | Script | syntax.Accented):
        return None
    thing = here.scope.things.get(name_of(of))
    known = isinstance(function_of(of, here), Function) or (
        thing is not None and isinstance(thing.body, Call)
    )
    lost = UNDECLARED_LOSS.may_begin(beginning(of)) and not here.scope.declares(name_of(of))
    return _Slope(of, by, order, applied) if known or lost else None


def derivative_at(function: Function, at: Target, whole: Node, here: Environment) -> Term:
    """``f'(x)``: by x itself where x is a variable that f does not mention otherwise."""
    meaning = function.meaning
    known = (
        free_in_definition(_as_definition(meaning)).variables if isinstance(at, Reference) else ()
    )
    if isinstance(at, Reference) and not at.shape and at.variable not in known:
        of = _applied(function, meaning, [at], whole, here)
        mention_kinks(of, here)
        return fitted(whole, lambda: of_entries(of, at) if of.shape else Derivative(of, at))
    mention_kinks(prime(meaning).body, here)
    return _applied(function, prime(meaning), [at], whole, here)


def _applied(
    function: Function,
    meaning: Definition | Arbitrary,
    arguments: Sequence[Argument],
    whole: Node,
    here: Environment,
) -> Term:
    """The application of ``meaning``, which is the function itself or made from it."""
    letters = tuple(own_letters(function.implicit, whole, here).values())
    arrays = [a for a in arguments if isinstance(a, Term) and a.shape]
    if arrays and takes_a_number(function):
        if letters:
            advice = "write it for each entry"
            raise Unreadable(whole.at, written(whole), "a function of each entry?", advice)
        here.mention(f"{written(whole)} is read entry by entry")
        return fitted(whole, lambda: Mapped(_as_definition(meaning), arrays[0]))
    return fitted(whole, lambda: _at(meaning, (*letters, *arguments)))


def _at(meaning: Definition | Arbitrary, arguments: tuple[Argument, ...]) -> Term:
    if isinstance(meaning, Definition):
        return Call(meaning, arguments)
    return ArbitraryCall(meaning, arguments)


_DEFINED: WeakKeyDictionary[Arbitrary, Definition] = WeakKeyDictionary()
_PRIMES: WeakKeyDictionary[Definition | Arbitrary, Definition] = WeakKeyDictionary()


def _as_definition(meaning: Definition | Arbitrary) -> Definition:
    """A function as a definition: itself, or what abbreviates its applications."""
    if isinstance(meaning, Definition):
        return meaning
    if meaning not in _DEFINED:
        parameters = meaning.parameters
        at = tuple(Reference(p) if isinstance(p, Variable) else p for p in parameters)
        body = ArbitraryCall(meaning, at)
        _DEFINED[meaning] = Definition(meaning.name, parameters, body, meaning.pattern)
    return _DEFINED[meaning]


def prime(meaning: Definition | Arbitrary) -> Definition:
    """The derivative of a function of one number: ``f'``."""
    if meaning not in _PRIMES:
        *letters, parameter = meaning.parameters
        assert isinstance(parameter, Variable)
        at = Reference(Variable((), parameter.name, parameter.latex))
        implicit = tuple(each for each in letters if isinstance(each, IndexVariable))
        of = _at(meaning, (*implicit, at))
        derivative = of_entries(of, at) if of.shape else Derivative(of, at)
        names = meaning.names if isinstance(meaning, Definition) else Names()
        _PRIMES[meaning] = Definition(
            f"{meaning.name}′",
            (*implicit, at.variable),
            derivative,
            _primed(meaning.pattern),
            names,
        )
    return _PRIMES[meaning]


def _primed(pattern: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """``f(`` as ``f'(``: the prime stands behind the name."""
    if not pattern or not isinstance(pattern[0], str):
        return pattern
    head = pattern[0]
    at = head.index("(") if "(" in head else len(head)
    return (f"{head[:at]}'{head[at:]}", *pattern[1:])


def elementary(
    name: str, arguments: Content, whole: Node, here: Environment, axis: str = ""
) -> Term:
    """exp and log, of each entry; softmax of a vector, or along an axis."""
    if name in EXTREMES:
        return _extremum(name, arguments, whole, here)
    if arguments.only is None:
        raise Unreadable(whole.at, written(whole), f"\\{name} takes one argument")
    inside = arguments.only
    if MATRIX_FUNCTIONS.get(name) == "det" and isinstance(inside, Group) and inside.bracket == "|":
        here.mention(f"the bars in {written(whole)} are read as parentheses")
        inside = inside.content.only or inside  # the bars are the determinant's
    argument = resolve(inside, here)
    if name in OF_VECTORS:
        return of_vector(name, argument, axis, whole, here)
    if name in ARRAY_FUNCTIONS:
        return of_matrix(name, argument, whole, here)
    function = ELEMENTARY[name] if name in ELEMENTARY else WORDS[name]
    if function is SIGMOID:
        here.mention(f"{name} is read as the logistic function")
    return applied_to(function, argument, whole, here)


def _primed_elementary(
    name: str, primes: int, arguments: Content, whole: Node, here: Environment
) -> Term:
    """``\\tanh'(z)``: the derivative of an elementary function, at a number or of each entry."""
    if arguments.only is None:
        raise Unreadable(whole.at, written(whole), f"\\{name} takes one argument")
    plain = _elementary_as_function(ELEMENTARY[name] if name in ELEMENTARY else WORDS[name])
    primed: Definition | Arbitrary = plain.meaning
    for _ in range(primes):
        primed = prime(primed)
    assert isinstance(primed, Definition)
    mention_kinks(primed.body, here)
    return _applied(plain, primed, [resolve(arguments.only, here)], whole, here)


@cache
def _elementary_as_function(row: Elementary) -> Function:
    """An elementary function as one that is defined of a number."""
    number = Variable((), "z", "z")
    before, behind = row.spelling
    shown = (before, 0, behind)
    meaning = Definition(row.name, (number,), Apply(row, Reference(number)), shown)
    return Function(row.name, (Slot(parameter=0),), meaning)


def base_of_logarithm(function: str, node: Node) -> int | None:
    """The base that is written below ``\\log``: ``\\log_2``; None for the natural one."""
    only = node.sub.only if isinstance(node, Script) and node.sub is not None else None
    if function != "log" or not isinstance(only, Leaf) or not only.text.isdigit():
        return None
    return int(only.text) if 1 < int(only.text) <= MOST_BASE else None


def logarithm(natural: Term, base: int, whole: Node, here: Environment) -> Term:
    """A logarithm by its base, from the natural one."""
    here.mention(f"{written(whole)} is read as a natural logarithm over that of {base}")
    return fitted(whole, lambda: Quotient(natural, Apply(LOG, Number(Fraction(base)))))


def _extremum(name: str, arguments: Content, whole: Node, here: Environment) -> Term:
    """The greatest of some numbers; of vectors, and of numbers beside them, entry by entry."""
    parts = [resolve(item, here) for item in arguments.items]
    if len(parts) < 2 or any(each != "," for each in arguments.separators):
        advice = f"write \\{name}(a, b)"
        raise Unreadable(whole.at, written(whole), f"\\{name} of what?", advice)
    found = alike(parts, whole, here)
    if found[0].shape:
        here.mention(f"{written(whole)} is read entry by entry")
    return fitted(whole, lambda: Extremum(found, name == "min"))


@dataclass(frozen=True)
class _Given:
    """One argument as written, and the keyword before it."""

    node: Node
    keyword: str = ""


class _Matching:
    """Matches the arguments of one application with the slots of its function."""

    def __init__(self, function: Function, whole: Node, here: Environment) -> None:
        self.function, self.whole, self.here = function, whole, here

    def arguments(self, content: Content) -> tuple[Definition | Arbitrary, list[Argument]]:
        """The function and the values of its parameters; more of them where fixed names vary."""
        given = self._given(content)
        values: list[Argument] = []
        varied: list[tuple[Reference | Call, Term]] = []
        for slot in self.function.slots:
            count = len(slot.fixed) or 1
            mine, given = given[:count], given[count:]
            if slot.parameter is not None and slot.again:
                self._require_same(self._value(slot, mine[0]), values[slot.parameter], mine[0].node)
            elif slot.parameter is not None:
                values.append(self._value(slot, mine[0]))
            elif not mine:
                continue  # left out
            elif tuple(written(each.node) for each in mine) != slot.fixed:
                varied.append(self._varied(slot, mine))
            elif self._is_another(slot):
                varied.append(self._declared_since(slot, mine))
        if not varied:
            return self.function.meaning, values
        meaning = _generalised_over(self.function.meaning, tuple(part for part, _ in varied))
        return meaning, [*values, *(term for _, term in varied)]

    def _require_same(self, one: Argument, other: Argument, node: Node) -> None:
        """Refuse ``p(y_i | x_j)`` of a function that was declared with one letter below both."""
        if one != other:
            what = f"{self.function.name} was declared at one member of both"
            advice = "declare it with two letters, or write one here"
            raise Unreadable(node.at, written(self.whole), what, advice)

    def _given(self, content: Content) -> list[_Given]:
        """As many arguments as there are parameters, slips of punctuation noted."""
        function, whole = self.function, self.whole
        wanted = sum(len(slot.fixed) or 1 for slot in function.slots)
        given = [_keyword(item) for item in content.items]
        self._require_separators(content)
        if len(given) < wanted and function.conditional:
            given = _slash_for_bar(content, given, self.here)
        if len(given) < wanted:
            given = _lost_commas(given, wanted, whole, self.here)
        if given and len(given) in self._without_last():
            self.here.mention(f"{written(whole)} is read with the last arguments as declared")
            what = f"{function.name} takes {wanted} arguments: are the last ones left out?"
            self.here.question(Question(whole.at, written(whole), what, "write all of them"))
            return given
        if len(given) != wanted:
            what = f"{function.name} takes {wanted} arguments, here are {len(given)}"
            raise Unreadable(whole.at, written(whole), what)
        return given

    def _without_last(self) -> set[int]:
        """How many arguments are left where the last ones, names that are fixed, are left out."""
        found: set[int] = set()
        left = sum(len(slot.fixed) or 1 for slot in self.function.slots)
        for slot in reversed(self.function.slots):
            if slot.parameter is not None:
                break
            left -= len(slot.fixed) or 1
            found.add(left)
        return found

    def _require_separators(self, content: Content) -> None:
        """A bar where it was declared with a bar, commas where with commas."""
        declared = self.function.separators
        found = tuple(each for each in content.separators if each != ",")
        if found not in (declared, ()) or (content.separators and declared and not found):
            names = {"|": "a bar", ";": "a semicolon", ":": "a colon"}
            wanted = " and ".join([*(names[each] for each in declared), "commas"])
            wanted = wanted if declared else "commas alone"
            what = f"{self.function.name} was declared with {wanted} between its arguments"
            raise Unreadable(self.whole.at, written(self.whole), what, "write them so here")

    def _value(self, slot: Slot, given: _Given) -> Argument:
        node, function = given.node, self.function
        if given.keyword and given.keyword != slot.keyword:
            wanted = f"{slot.keyword} = ..." if slot.keyword else "no keyword"
            raise Unreadable(node.at, given.keyword, f"{function.name} takes {wanted} here")
        assert slot.parameter is not None
        parameter = function.meaning.parameters[len(function.implicit) + slot.parameter]
        if isinstance(parameter, IndexVariable):
            if slot.vector:
                return self._subscript(slot, parameter, node)
            return self._member(parameter, node)
        value = of_any_size(resolve(node, self.here), parameter.shape)
        entry_by_entry = len(function.slots) == 1 and not parameter.shape
        if value.shape != parameter.shape and not entry_by_entry:
            wanted = "a number" if not parameter.shape else f"shape {spelled(parameter.shape)}"
            takes = f"{function.name}, which takes {wanted}"
            what = f"is this another {function.name}, of what stands here?"
            self.here.question(Question(node.at, written(self.whole), what, "declare it so"))
            require(False, node, f"shape {shape_of(value)}", takes)
        return value

    def _member(self, parameter: IndexVariable, node: Node) -> Member:
        """A member of a set; where it is of numbers, another number may be meant."""
        try:
            return member_in(node, parameter.space, self.here, self.whole)
        except IllFormed as error:
            if parameter.space.labels:
                raise
            name, letter = self.function.name, parameter.latex
            what = (
                f"{name} was declared with {letter}, which is a member of {said(parameter.space)}"
            )
            advice = f"declare it with a letter that is no index: define {name}(z) = ..."
            raise Unreadable(node.at, written(node), what, advice) from error

    def _subscript(self, slot: Slot, parameter: IndexVariable, node: Node) -> Member:
        """The subscript of a vector of the right family."""
        node = lowered(node, self.here.scope)
        known = self.here.scope.things.get(slot.vector)
        if known is not None and not known.letters:
            other = not isinstance(node, Script) or name_of(node.base) != slot.vector
            if other or (isinstance(node, Script) and not node.sub):
                what = f"{self.function.name} was declared at an entry of {slot.vector}"
                raise Unreadable(node.at, written(node), what, "declare it with a letter")
        if not isinstance(node, Script) or name_of(node.base) != slot.vector or not node.sub:
            raise ill_formed(self.whole, written(node), f"a vector {slot.vector}_{{...}}")
        inside = node.sub.only
        if inside is None:
            raise Unreadable(node.at, written(node), "one subscript is expected")
        if name_of(node.base) in self.here.scope.lists:
            return member_in(node, parameter.space, self.here, self.whole)
        return member_in(inside, parameter.space, self.here, self.whole)

    def _is_another(self, slot: Slot) -> bool:
        """Whether the name that stands there has come to mean another thing since."""
        now = self.here.scope.things.get(slot.fixed[0]) if len(slot.fixed) == 1 else None
        return now is not None and slot.declared is not None and now.body != slot.declared

    def _declared_since(self, slot: Slot, given: list[_Given]) -> tuple[Reference | Call, Term]:
        """What a name means by now, in the place of what it meant for the function."""
        try:
            return self._varied(slot, given)
        except (IllFormed, Unreadable) as error:
            name = slot.fixed[0]
            what = f"{self.function.name} depends on {name}, which means something else by now"
            advice = f"define {self.function.name} again, or give {name} another name"
            raise Unreadable(given[0].node.at, name, what, advice) from error

    def _varied(self, slot: Slot, given: list[_Given]) -> tuple[Reference | Call, Term]:
        """Another array in the place of the one that the function was declared with."""
        texts = ", ".join(written(each.node) for each in given)
        wanted = f"{', '.join(slot.fixed)}, which {self.function.name} takes there"
        meaning, declared = self.function.meaning, slot.declared
        turned = isinstance(declared, Transpose)
        inner = declared.of if isinstance(declared, Transpose) else declared
        if len(given) > 1 or isinstance(meaning, Arbitrary):
            raise ill_formed(self.whole, texts, wanted)
        if not isinstance(inner, Reference | Call):
            raise ill_formed(self.whole, texts, wanted)
        if _depends_by_name(meaning.body, inner):
            what = f"{self.function.name} depends on {slot.fixed[0]} through other names as well"
            advice = "define it in terms of its arguments alone"
            raise Unreadable(self.whole.at, texts, f"{what}: do these vary with it?", advice)
        if isinstance(inner, Call) and abstracted(meaning.body, inner, "part", "part") is None:
            raise ill_formed(self.whole, texts, wanted)
        wanted_shape = declared.shape if isinstance(declared, Term) else ()
        value = of_any_size(resolve(given[0].node, self.here), wanted_shape)
        if value.shape != wanted_shape:
            raise ill_formed(self.whole, texts, wanted)
        return inner, Transpose(value) if turned else value


def _keyword(item: Node) -> _Given:
    if isinstance(item, Relation) and item.signs == ("=",):
        return _Given(item.parts[1], written(item.parts[0]))
    return _Given(item)


def _slash_for_bar(content: Content, given: list[_Given], here: Environment) -> list[_Given]:
    """``P(O = o/C = c)``: the slash stands where the bar belongs."""
    item = content.only
    if not isinstance(item, Relation) or item.signs != ("=", "="):
        return given
    first, middle, last = item.parts
    if not isinstance(middle, Product) or middle.joins[-1:] != ("/",):
        return given
    *value, keyword = middle.factors
    here.note(f"the / in ({written(item)}) is read as a bar")
    inner = value[0] if len(value) == 1 else Product(middle.at, tuple(value), middle.joins[:-1])
    return [_Given(inner, written(first)), _Given(last, written(keyword))]


def _lost_commas(given: list[_Given], wanted: int, whole: Node, here: Environment) -> list[_Given]:
    """``J(v_c, w_{t+j} U)``: a product where two arguments belong."""
    apart: list[_Given] = []
    for each in given:
        if isinstance(each.node, Product) and not any(each.node.joins) and not each.keyword:
            apart.extend(map(_Given, each.node.factors))
        else:
            apart.append(each)
    if len(apart) != wanted:
        return given
    here.note(f"a comma is lost in {written(whole)}: {', '.join(written(a.node) for a in apart)}")
    return apart


# Jacobians by name: ``J_x(s)``, ``J_f(x)``, where nothing else is called J.
#
# Both orders are written: below the J stands what it is taken by, or what it is taken of. Which
# it is shows where one of the two is made of the other; else it is not read.


def named_jacobian(node: Node, following: Node | None, here: Environment) -> Term | None:
    """The Jacobian that a J with something below and in brackets stands for, where it is one."""
    if not isinstance(node, Script) or not isinstance(node.base, Leaf) or node.sup or node.primes:
        return None
    below = node.sub.only if node.sub is not None else None
    if not isinstance(following, Group):
        return None
    inside = following.content.only
    names = {JACOBIAN_NAME, name_of(node), raised_name(node)}
    known = any(name in declared for name in names for declared in here.scope.declared)
    if node.base.text != JACOBIAN_NAME or known or below is None or inside is None:
        return None
    whole = Product(node.at, (node, following), ("",))
    for of, by in _ways(below, inside, whole, here):
        said = f"the derivatives of {written(of)} by {written(by)}"
        here.mention(f"{written(whole)} is read as {said}")
        return _laid_out(of, by, whole, here)
    return None


def _laid_out(of: Node, by: Node, whole: Node, here: Environment) -> Term:
    """The Jacobian; where both layouts of it fit, with a row for each function, as it is defined.

    Who lays it out otherwise calls the transpose so: no line falls by that.
    """
    value, along = resolve(of, here.inside(whole)), resolve(by, here)
    if here.scope.layout or vector_axis(value.shape) != vector_axis(along.shape):
        return differentiated(value, Operator(by), whole, here, of)
    what = "a row for each function, or for each variable?"
    advice = "declare it, as in layout numerator"
    here.question(Question(whole.at, written(whole), what, advice))
    rows = replace(here, layout=replace(here.layout, functions_are_rows=True), met=set())
    return differentiated(value, Operator(by), whole, rows, of)


def _ways(below: Node, inside: Node, whole: Product, here: Environment) -> list[tuple[Node, Node]]:
    """What it is taken of and by: one of them is a vector that is made of the other one."""
    quietly = replace(here, notes=[], doubts=[], questions=[], met=set())
    if isinstance(function_of(below, here), Function):
        return [(Product(whole.at, (below, whole.factors[1]), ("",)), inside)]
    try:
        first, second = resolve(below, quietly), resolve(inside, quietly)
    except (IllFormed, Unreadable):
        return []
    if vector_axis(first.shape) is None or vector_axis(second.shape) is None:
        return []
    found = [(inside, below)] if depends(second, first) else []
    return found or ([(below, inside)] if depends(first, second) else [])
