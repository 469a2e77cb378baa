"""Sketches of formulas: trees read as terms, with what is known of letters and functions.

A name is told from its subscripts by the letters that are known to be indices.
"""

from __future__ import annotations

from derivations.reader.elaborate.derivatives import is_sign
from derivations.reader.elaborate.dots import is_dots
from derivations.reader.elaborate.operators import is_sum, pieces_below
from derivations.reader.elaborate.spelling import letter_of, name_of, raised_name
from derivations.reader.propose.below_sums import bound_letter
from derivations.reader.propose.displays import called, is_marked, product, subscripts_of
from derivations.reader.propose.function_names import bare, is_name, value_of
from derivations.reader.propose.index_letters import Letter, Letters
from derivations.reader.propose.letters import is_indicator
from derivations.reader.propose.sketch import (
    Applied,
    Constant,
    Elementary,
    Identity,
    Layout,
    Opaque,
    Over,
    Picked,
    Plus,
    Power,
    Scalar,
    Slope,
    Summed,
    Term,
    Times,
    Turned,
    Use,
    within,
)
from derivations.reader.syntax import (
    Accented,
    Content,
    Fraction,
    Group,
    Leaf,
    Matrix,
    Node,
    Product,
    Relation,
    Script,
    Terms,
)
from derivations.reader.vocabulary import DIAGONAL, WORD_FUNCTIONS
from derivations.reader.written import written


class Reading:
    """Makes terms of the trees of one part."""

    def __init__(self, letters: Letters, functions_: set[str], part: str) -> None:
        self.letters, self.functions, self.part = letters, functions_, part

    def term(self, node: Node) -> Term:
        """What a tree says."""
        match node:
            case Leaf():
                return self._leaf(node)
            case Accented():
                return self._name(node)
            case Script():
                return self._script(node)
            case Fraction():
                return self._fraction(node)
            case Group():
                return self._group(node)
            case Terms():
                return self._terms(node)
            case Product():
                return self._product(node, node.factors, node.joins)
            case Matrix():
                return Layout(node, tuple(tuple(map(self.term, row)) for row in node.rows))
        return Opaque(node)

    def _terms(self, node: Terms) -> Term:
        """A sum of terms; of derivatives by one thing it is the derivative of the sum."""
        terms = tuple(map(self.term, node.parts))
        slopes = [each for each in terms if isinstance(each, Slope)]
        if len(slopes) == len(terms) and all(each.by == slopes[0].by for each in slopes):
            of = tuple(each.of for each in slopes)
            whole = Terms(node.at, node.signs, tuple(held(each.node) for each in of))
            return Slope(node, Plus(whole, node.signs, of), slopes[0].by)
        return Plus(node, node.signs, terms)

    def _leaf(self, node: Leaf) -> Term:
        if node.kind in ("LETTER", "WORD"):
            return self._name(node)
        return Constant(node, node.text) if node.kind == "NUMBER" else Opaque(node)

    def _name(self, node: Node) -> Term:
        name = raised_name(node)
        if name == "I":
            return Identity(node)
        is_size = name in self.letters.sizes
        if is_size or self.letters.is_index(self.part, name):
            return Constant(node, name)
        return Use(node, name)

    def _members(self, content: Content) -> tuple[Letter | str, ...] | None:
        """The indices that a subscript consists of; None where it is part of a name."""
        found: list[Letter | str] = []
        for part in subscripts_of(content):
            name = letter_of(part)
            if name and self.letters.is_index(self.part, name):
                found.append((self.part, name))
            elif isinstance(part, Leaf) and (part.kind == "NUMBER" or name in self.letters.sizes):
                found.append(part.text)
            elif isinstance(part, Group) and part.bracket == "|":
                found.append(written(part))
            elif isinstance(part, Script) and self._is_entry(part):
                found.append(name_of(part))
            elif isinstance(part, Terms) and self._is_offset(part):
                found.append("")
            else:
                return None
        return tuple(found) or None

    def _is_entry(self, node: Script) -> bool:
        return letter_of(node.base) in {each.base for each in self.letters.lists}

    def _is_offset(self, node: Terms) -> bool:
        return all(
            (isinstance(part, Leaf) and part.kind == "NUMBER")
            or self.letters.is_index(self.part, letter_of(part))
            or letter_of(part) in self.letters.sizes
            for part in node.parts
        )

    def _script(self, node: Script) -> Term:
        if is_indicator(node):
            return Constant(node, "1")
        if node.sup is not None:
            without = Script(node.at, node.base, node.sub, None, node.primes)
            plain = without if node.sub or node.primes else node.base
            above = node.sup.only
            if is_marked(node) and is_name(without):
                return self._subscripted(node)
            if isinstance(above, Product) and is_marked(first := _without_transpose(node)):
                return Turned(node, self.term(first))
            if isinstance(node.base, Group) and node.base.bracket == r"\|":
                return Scalar(node, self._items(node.base.content))
            if isinstance(node.base, Leaf) and node.base.text == "e" and not node.sub and above:
                return Elementary(node, "exp", self.term(above))
            if isinstance(above, Leaf) and (above.kind == "TOP" or above.text == "T"):
                return Turned(node, self.term(plain))
            if above is None or isinstance(above, Group):
                return Opaque(node, (self.term(plain),))
            return Power(node, self.term(plain), self.term(above))
        return self._subscripted(node)

    def _subscripted(self, node: Script) -> Term:
        """A name, or what stands in brackets, with its subscripts."""
        if node.sub is None:
            is_one = letter_of(node) or node.sup is not None or is_name(node)
            return self._name(node) if is_one else Opaque(node, (self.term(node.base),))
        members = self._members(node.sub)
        standard = called(node)
        if standard == "I" and members is not None and len(members) == 1:
            return Identity(node)
        if standard == r"\delta" and len(subscripts_of(node.sub)) == 2:
            return Constant(node, "1")
        if members is None:
            return self._name(node) if is_name(node) else Opaque(node)
        if isinstance(node.base, Group):
            return Picked(node, self.term(node.base), members)
        known = (called(node), len(members)) in self.letters.indexed
        others = any(base == called(node) for base, _ in self.letters.indexed)
        if is_name(node) and (known or others or any(isinstance(m, tuple) for m in members)):
            return Use(node, called(node), members)
        return self._name(node) if is_name(node) else Opaque(node)

    def _items(self, content: Content) -> tuple[Term, ...]:
        return tuple(self.term(item) for item in content.items)

    def _fraction(self, node: Fraction) -> Term:
        by = self._sign_below(node.under)
        if by is not None and isinstance(node.over, Product) and is_sign(node.over.factors[0]):
            of = product(node.over.factors[1:], node.over.joins[1:])
            return Slope(node, self.term(of), by)
        return Over(node, self.term(node.over), self.term(node.under))

    def _sign_below(self, under: Node) -> Term | None:
        if isinstance(under, Product) and is_sign(under.factors[0]) and len(under.factors) == 2:
            return self.term(under.factors[1])
        return None

    def _group(self, node: Group) -> Term:
        only = node.content.only
        if node.bracket == "<":
            return Scalar(node, self._items(node.content))
        if only is not None and node.bracket in "([{":
            return self.term(only)
        return Opaque(node, self._items(node.content))

    def _product(self, node: Node, factors: tuple[Node, ...], joins: tuple[str, ...]) -> Term:
        """Factors from left to right; sums and derivatives take all that is behind them."""
        found: list[Term] = []
        between: list[str] = []
        at = 0
        while at < len(factors):
            factor = factors[at]
            if found:
                between.append(joins[at - 1])
            if at and _is_circle_number(factors[at - 1], factor):
                found.append(Constant(factor, written(factor)))
                at += 1
                continue
            rest = factors[at + 1 :], joins[at + 1 :]
            by = self._operator(factor)
            if (by is not None or is_sum(factor)) and rest[0]:
                whole = product(factors[at:], joins[at:])
                of = self._product(product(*rest), *rest)
                if by is None:
                    found.append(self._summed(factor, whole, of))
                elif isinstance(factor, Script) and factor.sup is not None:
                    found.append(Opaque(whole, (of, by)))  # all second derivatives, or their sum
                else:
                    found.append(Slope(whole, of, by))
                break
            taken, term = self._applied(factors, joins, at)
            found.append(term)
            at += taken
        if len(found) == 1:
            return found[0]
        return Times(node, tuple(found), tuple(between))

    def _summed(self, sign: Node, whole: Node, of: Term) -> Term:
        """A sum; of derivatives by one thing it is the derivative of the sum."""
        over = self._over(sign)
        if isinstance(of, Slope) and not any(
            letter in over for each in within(of.by) if isinstance(each, Use) for letter in each.sub
        ):
            inside_ = held(of.of.node)
            rest = inside_.factors if isinstance(inside_, Product) else (inside_,)
            joins = inside_.joins if isinstance(inside_, Product) else ()
            inner = product((sign, *rest), ("", *joins))
            return Slope(whole, Summed(inner, over, of.of), of.by)
        return Summed(whole, over, of)

    def _operator(self, node: Node) -> Term | None:
        if isinstance(node, Script) and isinstance(node.base, Leaf) and node.base.kind == "NABLA":
            only = node.sub.only if node.sub else None
            return self.term(only) if only is not None else None
        if isinstance(node, Fraction) and is_sign(node.over):
            return self._sign_below(node.under)
        return None

    def _over(self, node: Node) -> tuple[Letter, ...]:
        sub = node.sub if isinstance(node, Script) else None
        names = [bound_letter(piece) for piece in (pieces_below(sub) if sub else ())]
        return tuple((self.part, name) for name in names if name)

    def _applied(
        self, factors: tuple[Node, ...], joins: tuple[str, ...], at: int
    ) -> tuple[int, Term]:
        """The factor at a place with its argument, and how many factors that are."""
        factor = factors[at]
        base = factor.base if isinstance(factor, Script) else factor
        behind = factors[at + 1] if at + 1 < len(factors) and not joins[at] else None
        if isinstance(base, Leaf) and (
            base.kind == "FUNCTION" or base.text in WORD_FUNCTIONS or base.text in DIAGONAL
        ):
            end = at + 2
            if not isinstance(behind, Group):
                while end < len(factors) and not joins[end - 1] and not _ends(factors[end]):
                    end += 1
            argument = factors[at + 1 : end]
            whole = product(factors[at:end], joins[at : end - 1])
            if not argument:
                return 1, Opaque(factor)
            of = self._product(
                product(argument, joins[at + 1 : end - 1]), argument, joins[at + 1 : end - 1]
            )
            return end - at, Elementary(whole, base.text, of)
        if is_indicator(factor) and isinstance(behind, Group):
            return 2, Constant(factor, "1")
        if isinstance(behind, Group) and behind.bracket in "([" and is_name(factor):
            name = raised_name(bare(factor))
            if name in self.functions:
                whole = product(factors[at : at + 2], ("",))
                return 2, self._application(whole, name, behind.content)
        return 1, self.term(factor)

    def _application(self, whole: Node, name: str, content: Content) -> Term:
        arguments: list[Term] = []
        keywords: list[str] = []
        for item in content.items:
            value = value_of(item)
            keywords.append(name_of(item.parts[0]) if isinstance(item, Relation) else "")
            entry = isinstance(value, Script) and self._is_entry(value)
            plain = entry or is_dots(value)
            arguments.append(Constant(value, written(value)) if plain else self.term(value))
        return Applied(whole, name, tuple(arguments), tuple(keywords))


def held(node: Node) -> Node:
    """A tree as one factor, or one term: a sum stands in parentheses."""
    if isinstance(node, Terms):
        return Group(node.at, "(", Content(node.at, (node,)))
    return node


def _is_circle_number(before: Node, node: Node) -> bool:
    """Whether this is the pi of ``2\\pi``, which nothing declares."""
    if not (isinstance(before, Leaf) and isinstance(node, Leaf)):
        return False
    return (before.kind, node.text) == ("NUMBER", r"\pi")


def _without_transpose(node: Script) -> Script:
    """``w^*`` of ``w^{*T}``; anything else is itself."""
    above = node.sup.only if node.sup is not None else None
    if isinstance(above, Product) and len(above.factors) == 2 and not any(above.joins):
        first, last = above.factors
        if isinstance(last, Leaf) and (last.kind == "TOP" or last.text == "T"):
            return Script(node.at, node.base, node.sub, Content(first.at, (first,)), node.primes)
    return node


def _ends(node: Node) -> bool:
    """What an argument without parentheses does not reach over."""
    base = node.base if isinstance(node, Script) else node
    return isinstance(base, Leaf) and base.kind in ("FUNCTION", "SUM", "PROD")
