"""Unparser: terms as LaTeX in the author's own names, read back as the same terms.

    latex(term, scope)               one term
    both_sides(left, right, scope)   both sides of an equality, one name for each free letter

Brackets stand where the reader needs them and nowhere else; ``fully_parenthesised`` puts them
around every product within a product, body of a sum and operand of a derivative, and prints the
bounds of every sum, so that nothing is left to a convention. Bound letters are chosen away from
every letter that is free in the equality or bound around them; the author's own stays where
nothing clashes.

No reader takes an array given by its entries, a row of a matrix that is no family of vectors, or
a part of a range for which no letter is declared: these are printed so that a person can read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from fractions import Fraction
from string import ascii_lowercase

from sympy import Add, Expr, Integer, Mul

from derivations.claim import Condition
from derivations.indices import IndexSet, Names, free_indices
from derivations.language import layout, tree
from derivations.language.functions import ABOVE, NOT_BELOW, SQRT
from derivations.language.traversal import free_in
from derivations.language.tree import (
    Comparison,
    IndexVariable,
    ListEntry,
    Member,
    Numbered,
    Offset,
    Term,
    Variable,
    WordList,
)
from derivations.language.unfit import Unfit
from derivations.reader.environment import Scope

_PRIME = "′"
_ZERO = tree.Number(Fraction(0))


class Level(IntEnum):
    """Precedence: how much a piece bears beside it without brackets."""

    TERMS = 0  # terms, or one with a sign before it
    DOTTED = 1  # factors with a sign between them
    PRODUCT = 2  # factors side by side
    APPLIED = 3  # a function with its argument, a fraction, something with a script
    NAME = 4  # a name, which takes a superscript


@dataclass(frozen=True)
class Piece(layout.Piece):
    """A piece of a formula.

    ``open``: what follows would be drawn into it. ``digits``: it begins with a number. ``bare``:
    it takes a subscript. ``hungry``: a bracket behind it could be an argument.
    """

    open: bool = False
    digits: bool = False
    bare: bool = False
    hungry: bool = False

    @property
    def bracketed(self) -> Piece:
        """The piece in parentheses."""
        return Piece(f"({self.text})", Level.APPLIED, bare=True)


def latex(
    term: Term, scope: Scope, beside: Iterable[Term] = (), *, fully_parenthesised: bool = False
) -> str:
    """A term as LaTeX, for a place where the terms ``beside`` stand too."""
    return _Printer.within(scope, [term, *beside], (), full=fully_parenthesised).piece(term).text


def both_sides(
    left: Term,
    right: Term,
    scope: Scope,
    assumed: Iterable[Condition] = (),
    *,
    fully_parenthesised: bool = False,
) -> tuple[str, str]:
    """Both sides of an equality; no letter of its conditions is used for anything else."""
    printer = _Printer.within(scope, [left, right], assumed, full=fully_parenthesised)
    return printer.piece(left).text, printer.piece(right).text


def member_latex(member: Member, scope: Scope) -> str:
    """A member of an index set as LaTeX."""
    return _Printer(scope, full=False).member(member)


def spelled(name: str) -> str:
    """A name as LaTeX: words of several letters upright."""
    base, mark, below = name.partition("_")
    return rf"\mathrm{{{base}}}{mark}{below}" if base.isalpha() and len(base) > 1 else name


@dataclass(frozen=True)
class _Printer:
    """A place where terms are printed: ``bound`` are the letters bound there.

    ``taken`` are the names no bound letter may have: those of free letters, of letters bound
    around, and of whatever else is declared.
    """

    scope: Scope
    full: bool
    bound: Mapping[IndexVariable, str] | None = None
    taken: frozenset[str] = frozenset()

    @classmethod
    def within(
        cls, scope: Scope, terms: Sequence[Term], assumed: Iterable[Condition], *, full: bool
    ) -> _Printer:
        """The printer for these terms, under conditions."""
        found = free_in(*terms)
        free = {each.latex or each.name for each in found.indices}
        spelling = {each.name: latex for latex, each in scope.letters.items()}
        said = [value for condition in assumed for value in vars(condition).values()]
        names: set[str] = {index.name for value in said for index in free_indices(value)}
        names |= {index.name for index in found.letters}
        free |= {spelling.get(name, name) for name in names}
        origins = {words.origin for lists in scope.lists.values() for words in lists}
        others = {*scope.things, *scope.functions, *origins, *"dTIe"}
        return cls(scope, full, {}, frozenset(free | others))

    # Members and names ------------------------------------------------------------------------

    def letter(self, variable: IndexVariable) -> str:
        """A letter, by the name that was chosen where it is bound."""
        return (self.bound or {}).get(variable) or variable.latex or spelled(variable.name)

    def subscript(self, member: Member, space: IndexSet) -> str:
        """A member of ``space`` below a name, where a stand-in is short for its label."""
        if not self.full and isinstance(member, ListEntry) and isinstance(member.at, IndexVariable):
            short = self.scope.stand_ins.get(member.at.space)
            if short is member.words and short.values == space:
                return self.letter(member.at)
        return self.member(member)

    def member(self, member: Member) -> str:
        """A member of an index set."""
        match member:
            case IndexVariable():
                return self.letter(member)
            case Numbered(value):
                return str(value)
            case ListEntry(words, at):
                base = words.latex or spelled(words.name)
                return f"{base}{_script('_', self._place(words, at))}"
            case Offset():
                return self._offset(member).text

    def _place(self, words: WordList, at: Member) -> str:
        text = self.member(at)
        if not words.origin:
            return text
        return words.origin if at == Numbered(0) else f"{words.origin} + {text}"

    def _offset(self, member: Offset) -> Piece:
        if member.of is None:
            return self.piece(member.by)
        minus, inside = _signed(member.by)
        held = self.piece(inside).above(Level.DOTTED).text
        return Piece(f"{self.letter(member.of)} {'-' if minus else '+'} {held}", Level.TERMS)

    def comparison(self, comparison: Comparison) -> str:
        """``a = b`` or ``a \\ne b``."""
        sign = r"\ne" if comparison.negated else "="
        left, right = (self.member(each) for each in (comparison.left, comparison.right))
        return f"{left} {sign} {right}"

    def variable(self, variable: Variable) -> Piece:
        """The name of a variable, turned back where it names the transpose."""
        name = _named(variable.latex or spelled(variable.name))
        return _superscript(name, self._turned) if variable.transposed else name

    @property
    def _turned(self) -> str:
        declared = "T" in self.scope.things or self.scope.letter("T") is not None
        return r"\top" if declared else "T"

    # Terms ------------------------------------------------------------------------------------

    def piece(self, term: Term) -> Piece:
        """A term; raises TypeError for a node that has no spelling."""
        match term:
            case tree.Number(value):
                return _number(value)
            case tree.Pi():
                return _named(r"\pi")
            case tree.Size(name):
                return _named(spelled(name))
            case tree.Array(entry, _, name):
                return _named(spelled(name) if name else str(entry))
            case tree.IndexNumber(Offset() as offset):
                return self._offset(offset)
            case tree.IndexNumber(member):
                text = self.member(member)
                return Piece(text, Level.NAME, digits=text.isdigit())
            case tree.Zeros():
                return _number(Fraction(0))
            case tree.Constant(of):
                return self.piece(of)
            case tree.Identity():
                return _named("I")
            case tree.Reference(variable):
                return self.variable(variable)
            case tree.Entry() | tree.Row():
                return self._subscripted(term)
            case tree.Slice(variable, member):
                assert variable.over is not None
                below = self.subscript(member, variable.over)
                return Piece(f"{variable.latex}{_script('_', below)}", Level.NAME)
            case tree.Indicator(comparisons):
                inside = ", ".join(map(self.comparison, comparisons))
                return Piece(rf"\mathbb{{1}}_{{\{{{inside}\}}}}", Level.APPLIED)
            case tree.Plus(parts):
                return self._terms(parts)
            case tree.Negative():
                return self._terms((term,))
            case tree.Times() | tree.MatrixProduct() | tree.Entrywise():
                return self._product(term)
            case tree.InnerProduct(left, right):
                one, other = self.piece(left).text, self.piece(right).text
                if left == right:
                    return Piece(f"{self._norm(left)}^2", Level.APPLIED)
                return Piece(rf"\langle {one}, {other} \rangle", Level.APPLIED)
            case tree.Quotient(over, under):
                return self._fraction(over, under)
            case tree.Power(base, exponent):
                above = rf"\odot {exponent}" if base.shape else str(exponent)
                return _superscript(self.piece(base), above)
            case tree.Transpose(of):
                return self._transposed(of)
            case tree.Inverse(of):
                return _superscript(self.piece(of), "-1")
            case tree.Trace(of):
                return Piece(rf"\operatorname{{tr}}({self.piece(of).text})", Level.APPLIED)
            case tree.Determinant(of):
                return Piece(rf"\det({self.piece(of).text})", Level.APPLIED)
            case tree.Apply(function, tree.InnerProduct(left, right)) if function is SQRT:
                if left == right:
                    return Piece(self._norm(left), Level.APPLIED)
                return Piece(rf"\sqrt{{{self.piece(term.of).text}}}", Level.APPLIED)
            case tree.Apply(function) if function in (ABOVE, NOT_BELOW):
                return Piece(rf"\mathbb{{1}}({self._condition(term)})", Level.APPLIED)
            case tree.Apply(function, of):
                before, behind = function.spelling
                return Piece(f"{before}{self.piece(of).text}{behind}", Level.APPLIED)
            case tree.Extremum(parts, least):
                inside = ", ".join(self.piece(part).text for part in parts)
                return Piece(rf"\{'min' if least else 'max'}({inside})", Level.APPLIED)
            case tree.Call(definition, arguments):
                return self._call(definition.pattern, definition.name, arguments, definition)
            case tree.ArbitraryCall(function, arguments):
                return self._call(function.pattern, function.name, arguments, function)
            case tree.Mapped(definition, of):
                return self._call(definition.pattern, definition.name, (of,), definition)
            case tree.Derivative(of, by):
                return self._derivative(of, by)
            case tree.Cases():
                return self._cases(term)
            case tree.Choice():
                return self._choice(term)
            case tree.Sum() | tree.IndexedProduct() | tree.ExtremumOver():
                return self._sum(term)
            case tree.Table() | tree.Rows():
                return self._matrix(term)
            case Unfit(node):
                return self.piece(node)
        raise TypeError(f"{type(term).__name__} has no spelling")

    def _norm(self, of: Term) -> str:
        kind = "_F" if of.shape and None not in of.shape else ""
        return rf"\lVert {self.piece(of).text} \rVert{kind}"

    def _subscripted(self, term: tree.Entry | tree.Row) -> Piece:
        """``x_i``, ``u_w``, ``u_{w,k}``, ``X_{i,j}``; brackets around what is no bare name."""
        axes = [axis for axis in term.of.shape if axis is not None]
        given = term.members if isinstance(term, tree.Entry) else (term.member,)
        members = [self.subscript(*pair) for pair in zip(given, axes, strict=False)]
        base = self.piece(term.of)
        match term.of:
            case tree.Reference(variable) if variable.family:
                base = _named(variable.family)
            case tree.Reference(variable) if variable.transposed:
                base, members = _named(variable.latex), [*members[::-1]]
            case tree.Transpose(tree.Reference(variable)) if variable.transposed:
                base = _named(variable.latex)
        if isinstance(term, tree.Row) and not _is_family(term.of):
            members.append(":")
        held = base if base.bare else base.bracketed
        return Piece(held.text + _script("_", ",".join(members)), Level.NAME)

    def _transposed(self, of: Term) -> Piece:
        match of:
            case tree.Reference(variable) if variable.transposed:
                return _named(variable.latex)
            case tree.Derivative(inside, tree.Reference(variable)) if variable.transposed:
                return self._by(inside, variable.latex)
        return _superscript(self.piece(of), self._turned)

    def _terms(self, parts: Sequence[Term]) -> Piece:
        text, piece = "", Piece("", Level.TERMS)
        for part in parts:
            minus, inside = _signed(part)
            piece = self.piece(inside)
            held = piece if piece.level > Level.TERMS else piece.bracketed
            if self.full and held.open and len(parts) > 1:
                held = held.bracketed
            if text:
                text += f" {'-' if minus else '+'} {held.text}"
            else:
                text = f"-{held.text}" if minus else held.text
        return Piece(text, Level.TERMS, open=piece.open)

    def _product(self, term: tree.Times | tree.MatrixProduct | tree.Entrywise) -> Piece:
        left, right = self.piece(term.left), self.piece(term.right)
        given, right = right, right.above(Level.APPLIED)
        if isinstance(term, tree.Entrywise):
            left, right = (
                each if each.level >= Level.APPLIED and not each.open else each.bracketed
                for each in (left, right)
            )
            return Piece(rf"{left.text} \odot {right.text}", Level.DOTTED, digits=left.digits)
        matrices = tree.MatrixProduct in (type(term), type(term.left))
        flat = left.level > Level.PRODUCT or not (self.full and matrices)
        if left.open or left.level < Level.PRODUCT or not flat:
            left = left.bracketed
        if left.hungry and right.text.startswith("("):  # square ones are no argument
            right = replace(right, text=f"[{given.text}]")
        if right.digits:
            return Piece(rf"{left.text} \cdot {right.text}", Level.DOTTED, digits=left.digits)
        text = f"{left.text} {right.text}"
        return Piece(text, Level.PRODUCT, right.open, left.digits, hungry=right.hungry)

    def _fraction(self, over: Term, under: Term) -> Piece:
        above, below = self.piece(over).text, self.piece(under).text
        if _begins_with_d(over):  # it would be read as the sign of a derivative
            above = f"(d){above[1:]}"
        if _begins_with_d(under):
            below = f"(d){below[1:]}"
        numbers = isinstance(over, tree.Number) and isinstance(under, tree.Number)
        return Piece(rf"\frac{{{above}}}{{{below}}}", Level.APPLIED, digits=numbers)

    def _call(
        self,
        pattern: tuple[str | int, ...],
        name: str,
        arguments: tuple[tree.Argument, ...],
        function: tree.Definition | tree.Arbitrary,
    ) -> Piece:
        if not pattern:
            commas: list[str | int] = [spelled(name)]
            for number in range(len(arguments)):
                commas += ["(" if number == 0 else ", ", number]
            pattern = (*commas, ")") if arguments else tuple(commas)
        text = ""
        for each in pattern:
            if isinstance(each, str):
                # J(v_{c}) as J(v_c)
                short = text[-3:-1] == "_{" and each.startswith("}")
                text = f"{text[:-2]}{text[-1]}{each[1:]}" if short else text + each
                continue
            argument, parameter = arguments[each], function.parameters[each]
            if isinstance(argument, Term):
                text += self.piece(argument).text
            elif isinstance(parameter, IndexVariable) and text.endswith("_{"):
                text += self.subscript(argument, parameter.space)
            else:
                text += self.member(argument)
        unsaid = self._unsaid(pattern, function.parameters, arguments)
        if unsaid:
            return Piece(f"({text})|_{{{unsaid}}}", Level.APPLIED)
        if any("(" in each for each in pattern if isinstance(each, str)):
            return Piece(text, Level.APPLIED)
        return replace(_named(text), hungry="_" not in text)

    def _unsaid(
        self,
        pattern: tuple[str | int, ...],
        parameters: tuple[tree.Parameter, ...],
        arguments: tuple[tree.Argument, ...],
    ) -> str:
        """Letters that a name leaves unsaid, where they are not those it was declared with."""
        pairs = enumerate(zip(parameters, arguments, strict=True))
        others = [
            f"{parameter.latex} = {self.member(argument)}"
            for number, (parameter, argument) in pairs
            if number not in pattern
            and argument is not parameter
            and not isinstance(argument, Term)
        ]
        return ", ".join(others)

    def _derivative(self, of: Term, by: tree.Target) -> Piece:
        if isinstance(by, tree.Reference) and by.variable.transposed:
            return _superscript(self._by(of, by.variable.latex), self._turned)
        return self._by(of, self.piece(by).text)

    def _by(self, of: Term, below: str) -> Piece:
        inside = self.piece(of)
        if isinstance(of, tree.Call) and inside.bare and not self.full:
            text = rf"\frac{{\partial {inside.text}}}{{\partial {below}}}"
            return Piece(text, Level.APPLIED)
        short = inside.level >= Level.APPLIED and not inside.open and not inside.digits
        held = inside.text if short and not self.full else f"[{inside.text}]"
        return Piece(rf"\frac{{\partial}}{{\partial {below}}} {held}", Level.APPLIED, open=True)

    def _cases(self, term: tree.Cases) -> Piece:
        """One row a case, its condition behind an &."""
        said = [", ".join(map(self.comparison, each)) for each in term.conditions]
        rows = zip(term.values, [*said, r"\text{otherwise}"], strict=False)
        lines = r" \\ ".join(f"{self.piece(value).text} & {words}" for value, words in rows)
        return Piece(rf"\begin{{cases}} {lines} \end{{cases}}", Level.APPLIED)

    def _choice(self, term: tree.Choice) -> Piece:
        """One row a case, its inequalities behind an &."""
        said = [*map(self._condition, term.tests), r"\text{otherwise}"]
        rows = zip(term.values, said, strict=False)
        lines = r" \\ ".join(f"{self.piece(value).text} & {words}" for value, words in rows)
        return Piece(rf"\begin{{cases}} {lines} \end{{cases}}", Level.APPLIED)

    def _condition(self, test: Term) -> str:
        """What holds where a test is one."""
        match test:
            case tree.Times(left, right):
                return f"{self._condition(left)}, {self._condition(right)}"
            case tree.Apply(function, of) if function in (ABOVE, NOT_BELOW):
                left, right = of, tree.Number(Fraction(0))
                match of:
                    case tree.Plus((one, tree.Negative(other))):
                        left, right = one, other
                    case tree.Negative(other):
                        left, right = right, other
                sign = ">" if function is ABOVE else r"\ge"
                return f"{self.piece(left).text} {sign} {self.piece(right).text}"
            case tree.Indicator(comparisons):
                return ", ".join(map(self.comparison, comparisons))
        return f"{self.piece(test).text} = 1"

    # Binders ----------------------------------------------------------------------------------

    def _sum(self, term: tree.Ranged) -> Piece:
        ends = [term.lower, term.upper]
        lower, upper = (
            self.piece(end).text if end is not None else _bound(own)
            for end, own in zip(ends, (term.over.space.lower, term.over.space.upper), strict=True)
        )
        whole = ends == [None, None]
        inside, letter, declared = self._binding(term.over, whole=whole)
        where = [inside.comparison(each) for each in term.where]
        sign = self._sign(term.over.space, letter, (lower, upper), where, whole, declared)
        if isinstance(term, tree.IndexedProduct):
            sign = sign.replace(r"\sum", r"\prod", 1)
        if isinstance(term, tree.ExtremumOver):
            sign = sign.replace(r"\sum", r"\min" if term.least else r"\max", 1)
        body = inside.piece(term.body)
        if self.full:
            body = replace(body, text=f"[{body.text}]")
        elif body.level is Level.TERMS or not isinstance(term, tree.Sum):
            body = body.bracketed
        return Piece(f"{sign} {body.text}", Level.APPLIED, open=True)

    def _sign(
        self,
        space: IndexSet,
        letter: str,
        ends: tuple[str, str],
        where: list[str],
        whole: bool,
        declared: bool,
    ) -> str:
        lower, upper = ends
        named = space.labels and self.scope.sets.get(space.name) == space
        if whole and (named or (declared and not self.full)):
            plain = declared and not self.full
            range_ = letter if plain else rf"{letter} \in {spelled(space.name)}"
            left_out = f" : {', '.join(where)}" if where else ""
            return rf"\sum{_script('_', range_ + left_out)}"
        if not where:
            return rf"\sum_{{{letter}={lower}}}{_script('^', upper)}"
        lines = r" \\ ".join([rf"{lower} \le {letter} \le {upper}", *where])
        return rf"\sum_{{\substack{{{lines}}}}}"

    def _binding(self, over: IndexVariable, *, whole: bool) -> tuple[_Printer, str, bool]:
        """The printer under a binder, the letter, and whether that is declared for its set.

        A letter that is not needs bounds from which its set can be told.
        """
        space, letters = over.space, self.scope.letters
        own = [latex for latex, each in letters.items() if each.space == space]
        alike = [each for each in self.scope.spaces() if _ends(each) == _ends(space)]
        told = whole and (space.labels or alike == [space])
        taken = self.taken if told or not own else self.taken | {*ascii_lowercase} - {*own}
        hint = over.latex or over.name
        known = hint.rstrip(_PRIME) in own
        if not known and (hint.rstrip(_PRIME) in letters or not told):
            hint = own[0] if own else ""
        names = Names(tuple((latex, each.space) for latex, each in letters.items()))
        name = names.fresh(space, hint, taken)
        letter = name.replace(_PRIME, "'")
        bound = {**(self.bound or {}), over: letter}
        inside = replace(self, bound=bound, taken=self.taken | {name})
        return inside, letter, name.rstrip(_PRIME + "'") in own

    def _matrix(self, term: tree.Table | tree.Rows) -> Piece:
        """A matrix cell by cell, with dots where the cells are numbered from one on."""
        written = _cells(term)
        if written is not None:
            rows = (" & ".join(self.piece(cell).text for cell in row) for row in written)
            inside = r" \\ ".join(rows)
            return Piece(rf"\begin{{pmatrix}} {inside} \end{{pmatrix}}", Level.APPLIED)
        match term:
            case tree.Rows(over, body, as_columns):
                wide, cell = as_columns, body if as_columns else body.T
            case tree.Table((None, IndexVariable() as over), cell):
                wide = True
            case tree.Table((IndexVariable() as over, None), cell):
                wide = False
            case _:
                return self._entries(term)
        space = over.space
        alike = [each for each in self.scope.spaces() if _ends(each) == _ends(space)]
        if space.lower != 1 or alike != [space] or over not in free_in(cell).indices:
            return self._entries(term)
        given = self.bound or {}
        texts = ["1", "2", _bound(space.upper)]
        cells = [replace(self, bound={**given, over: t}).piece(cell).text for t in texts]
        row = (" & " if wide else r" \\ ").join([*cells[:2], r"\dots", cells[2]])
        return Piece(rf"\begin{{pmatrix}} {row} \end{{pmatrix}}", Level.APPLIED)

    def _entries(self, term: tree.Table | tree.Rows) -> Piece:
        """``(a_{ij})_{1 \\le i \\le n, 1 \\le j \\le m}``, which no reader takes."""
        axes = (term.over,) if isinstance(term, tree.Rows) else term.axes
        printer, ranges = self, []
        for axis in axes:
            if axis is not None:
                printer, letter, _ = printer._binding(axis, whole=True)
                ends = (_bound(axis.space.lower), _bound(axis.space.upper))
                ranges.append(rf"{ends[0]} \le {letter} \le {ends[1]}")
        text = f"({printer.piece(term.body).text})_{{{', '.join(ranges)}}}"
        turned = isinstance(term, tree.Table) and term.axes[0] is None and len(ranges) == 1
        piece = Piece(text, Level.APPLIED)
        return _superscript(piece, self._turned) if turned else piece


def _cells(term: Term) -> list[list[Term]] | None:
    """The entries of an array that was written entry by entry; None of any other array."""
    if not isinstance(term, tree.Table):
        return None
    axes = [axis for axis in term.axes if axis is not None]
    ends = [axis.space.upper if axis is not None else Integer(1) for axis in term.axes]
    if not all(isinstance(end, Integer) for end in ends):
        return None
    cells: list[list[Term]] = [[_ZERO] * int(ends[1]) for _ in range(int(ends[0]))]
    for entry in term.body.parts if isinstance(term.body, tree.Plus) else (term.body,):
        negative, product = _signed(entry)
        match product:
            case tree.Times(tree.Indicator(comparisons), value):
                places = {each.left: each.right for each in comparisons if not each.negated}
            case _:
                return None
        numbers = [places.get(axis) if axis is not None else tree.Numbered(1) for axis in term.axes]
        row, column = (each.value if isinstance(each, tree.Numbered) else 0 for each in numbers)
        within = 1 <= row <= len(cells) and 1 <= column <= len(cells[0])
        used = free_in(value).indices
        if len(places) != len(axes) or not within or any(axis in used for axis in axes):
            return None
        if cells[row - 1][column - 1] is not _ZERO:
            return None
        cells[row - 1][column - 1] = tree.Negative(value) if negative else value
    return cells


def _script(mark: str, text: str) -> str:
    return f"{mark}{text}" if len(text) == 1 else f"{mark}{{{text}}}"


def _named(name: str) -> Piece:
    return Piece(name, Level.NAME, bare="_" not in name)


def _superscript(piece: Piece, above: str) -> Piece:
    held = piece.text if piece.level is Level.NAME and not piece.digits else piece.bracketed.text
    return Piece(held + _script("^", above), Level.APPLIED)


def _number(value: Fraction) -> Piece:
    if value < 0:
        return Piece(f"-{_number(-value).text}", Level.TERMS, digits=True)
    if value.denominator == 1:
        return Piece(str(value.numerator), Level.NAME, digits=True)
    text = rf"\frac{{{value.numerator}}}{{{value.denominator}}}"
    return Piece(text, Level.APPLIED, digits=True)


def _signed(term: Term) -> tuple[bool, Term]:
    match term:
        case tree.Negative(of):
            return True, of
        case tree.Number(value) if value < 0:
            return True, tree.Number(-value)
        case tree.Constant(of):
            return _signed(of)
    return False, term


def _is_family(of: Term) -> bool:
    return isinstance(of, tree.Reference) and bool(of.variable.family)


def _begins_with_d(term: Term) -> bool:
    match term:
        case tree.Size("d"):
            return True
        case tree.Times(left) | tree.MatrixProduct(left) | tree.Power(left):
            return _begins_with_d(left)
    return False


def _ends(space: IndexSet) -> tuple[Expr, Expr]:
    return space.lower, space.upper


def _bound(end: Expr) -> str:
    """An end of an index set, made of sizes and whole numbers."""
    if isinstance(end, Add):
        text = ""
        for part in sorted(end.args, key=lambda each: isinstance(each, Integer)):
            word = _bound(part)
            text += f" - {word[1:]}" if word.startswith("-") else f" + {word}"
        return text.removeprefix(" + ").replace(" - ", "-", text.startswith(" - "))
    if isinstance(end, Mul):
        number, rest = end.as_coeff_Mul()
        front = {1: "", -1: "-"}.get(number, f"{number} ")
        return front + _bound(rest)
    return spelled(str(end))
