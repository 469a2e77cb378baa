"""Names in one spelling, whatever markup they were written with."""

from __future__ import annotations

from derivations.language.tree import IndexVariable
from derivations.reader.problem import Unreadable
from derivations.reader.scope import Named, Scope
from derivations.reader.syntax import Accented, Content, Group, Leaf, Node, Product, Script, Terms
from derivations.reader.written import written

NAMES = r"names are letters, \sigma, \hat{y}, J_{neg}, \mathrm{loss}"
PRIME = "′"  # unlike the ' of axes, which nobody writes


def name_of(node: Node) -> str:
    """A name in one spelling: ``\\hat{y}``, ``J_{neg}``; superscripts and primes are no part."""
    if isinstance(node, Script):
        sub = f"_{{{plain(node.sub)}}}" if node.sub else ""
        return f"{name_of(node.base)}{sub}"
    return node.text if isinstance(node, Leaf) else written(node)


def raised_name(node: Node) -> str:
    """A name with its primes, and with what stands above it: ``v′_{w}``, ``s^{+}``."""
    if not isinstance(node, Script):
        return name_of(node)
    sub = f"_{{{plain(node.sub)}}}" if node.sub else ""
    sup = f"^{{{plain(node.sup)}}}" if node.sup else ""
    return f"{raised_name(node.base)}{PRIME * node.primes}{sub}{sup}"


def declared_name(node: Node) -> str:
    """The name that a node is; raises Unreadable for anything that is no name."""
    base = node.base if isinstance(node, Script) else node
    base = base.base if isinstance(base, Accented) else base
    above = node.sup if isinstance(node, Script) else None
    letters = isinstance(base, Leaf) and base.kind in ("LETTER", "WORD")
    if not letters or (above is not None and not _is_part_of_name(above.only)):
        raise Unreadable(node.at, written(node), "a name is expected here", NAMES)
    return raised_name(node)


def _is_part_of_name(above: Node | None) -> bool:
    """Whether what stands above a name may belong to it: ``w^*``, ``W^{[1]}``, ``a^{l-1}``."""
    if isinstance(above, Product):
        return not any(above.joins) and all(map(_is_part_of_name, above.factors))
    if is_numeral(above):
        return True
    if isinstance(above, Terms):
        return all(map(_is_layer, above.parts)) and above.signs[0] == "+"
    if isinstance(above, Leaf):
        return above.kind in ("MARK", "WORD", "LETTER") and above.text != "T"
    return isinstance(above, Group) and above.bracket in ("(", "[")


def _is_layer(part: Node) -> bool:
    """Whether this is a letter or a number, as both are in ``a^{l-1}``."""
    return isinstance(part, Leaf) and (part.kind == "LETTER" or is_numeral(part))


def is_numeral(above: Node | None) -> bool:
    """Whether this is a number above a name, which belongs to it where that is not declared."""
    return isinstance(above, Leaf) and above.kind == "NUMBER" and above.text.isdigit()


def lowered(node: Node, scope: Scope) -> Node:
    """``x^{(i)}_j`` and ``y^i`` as ``x_{ij}`` and ``y_i``, where that names a member.

    An index may stand above the name of an array, a family or a list, in brackets or not.
    """
    if not isinstance(node, Script) or node.sup is None or raised_name(node) in scope.things:
        return node
    above = node.sup.only
    brackets = isinstance(above, Group) and above.bracket in ("(", "[")
    inner = above.content.only if isinstance(above, Group) and brackets else above
    thing = scope.things.get(raised_name(Script(node.at, node.base, primes=node.primes)))
    array = thing is not None and (thing.letters or thing.body.shape)
    if inner is None or not (array or name_of(node.base) in scope.lists):
        return node
    letter = scope.letter(letter_of(inner)) if letter_of(inner) not in ("", "T") else None
    if letter is None and (not brackets or not _is_of_known(inner, scope)):
        return node
    if letter is not None and thing is not None and _is_of_others(letter, thing, scope):
        return node
    items = (inner, *(node.sub.items if node.sub else ()))
    content = Content(node.sup.at, items, (",",) * (len(items) - 1))
    return Script(node.at, node.base, content, None, node.primes)


def _is_of_known(node: Node, scope: Scope) -> bool:
    """Whether it is a letter, or all in it are declared: t of ``m^{(t+1)}`` counts iterations."""
    if letter_of(node):
        return True
    known = (scope.things, scope.letters, scope.bound, scope.lists, scope.functions)
    return all(any(letter in names for names in known) for letter in letters_in(node))


def _is_of_others(letter: IndexVariable, thing: Named, scope: Scope) -> bool:
    """Whether a letter runs over none of the sets that an array has members of, by their sizes.

    It may count iterations then: t of ``w^{(t)}``.
    """
    spaces = [*(each.space for each in thing.letters), *(a for a in thing.body.shape if a)]
    own = letter.space.upper.free_symbols
    apart = all(own and own.isdisjoint(each.upper.free_symbols) for each in spaces)
    return apart and letter.space not in scope.stand_ins


def as_subscript(node: Node) -> Node:
    """``A(i)`` as ``A_i``; any other node as it is."""
    match node:
        case Product(at, (name, Group(bracket="(", content=content)), ("",)) if content.only:
            return Script(at, name, content)
    return node


def plain(content: Content) -> str:
    """A subscript as text, upright or not: ``naive-softmax``."""
    text = written(content)
    for mark in (r"\mathrm{", "{", "}", " "):
        text = text.replace(mark, "")
    return text


def letters_from(node: Product, at: int) -> list[Leaf]:
    """The letters that stand side by side without a blank, from a factor on; scripts end them."""
    found: list[Leaf] = []
    for place in range(at, len(node.factors)):
        factor = node.factors[place]
        letter = factor.base if isinstance(factor, Script) else factor
        plain = isinstance(letter, Leaf) and letter.kind == "LETTER" and len(letter.text) == 1
        if not isinstance(letter, Leaf) or not plain or (found and node.joins[place - 1]):
            break
        if found and (letter.at.line, letter.at.column) != (
            found[-1].at.line,
            found[-1].at.column + 1,
        ):
            break
        found.append(letter)
        if isinstance(factor, Script):
            break
    return found


def as_word(node: Node) -> Node:
    """Letters side by side without a blank, as the one name they are where names are declared."""
    if not isinstance(node, Product):
        return node
    letters = letters_from(node, 0)
    if len(letters) < 2:
        return node
    count, last = len(letters), node.factors[len(letters) - 1]
    word: Node = Leaf(node.at, "WORD", "".join(letter.text for letter in letters))
    if isinstance(last, Script):
        word = Script(node.at, word, last.sub, last.sup, last.primes)
    if count == len(node.factors):
        return word
    return Product(node.at, (word, *node.factors[count:]), node.joins[count - 1 :])


def letters_in(node: Node) -> set[str]:
    """The letters of what stands above or below a name."""
    match node:
        case Leaf(kind="LETTER", text=text):
            return {text}
        case Group(content=content):
            return set[str]().union(*map(letters_in, content.items))
        case Product(factors=parts) | Terms(parts=parts):
            return set[str]().union(*map(letters_in, parts))
    return set()


def letter_of(node: Node) -> str:
    """The name of a letter, primed or not; empty for anything else."""
    if isinstance(node, Script) and not (node.sub or node.sup):
        inner = letter_of(node.base)
        return inner + PRIME * node.primes if inner else ""
    return node.text if isinstance(node, Leaf) and node.kind == "LETTER" else ""
