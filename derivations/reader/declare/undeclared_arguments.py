"""Letters that nothing declares and a function of one number is taken of: ``\\sigma'(z)``.

Such a letter is read as a number, in its statement alone. It may be meant as a vector, of which
the function is taken entry by entry: what is proved then holds entry by entry too, and nothing
falls. A letter with something below it, or that is transposed or in a dot product, is no number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derivations.language.tree import Definition, Reference, Variable
from derivations.reader.declare.introduction import is_known, is_standard
from derivations.reader.declare.naming import symbol, with_thing
from derivations.reader.elaborate.spelling import name_of
from derivations.reader.scope import Function, Named, Scope
from derivations.reader.syntax import Group, Leaf, Node, Product, Script, nodes


def undeclared_arguments(trees: Sequence[Node], scope: Scope) -> list[str]:
    """These letters, of the sides of a statement."""
    found = {
        letter: None
        for tree in trees
        for node in nodes(tree)
        if isinstance(node, Product)
        for letter in _arguments(node, scope)
        if not is_known(letter, scope) and not is_standard(letter)
    }
    return [each for each in found if not any(_is_array(each, tree) for tree in trees)]


def with_arguments(letters: Sequence[str], scope: Scope) -> Scope:
    """The scope in which these letters are numbers."""
    for name in letters:
        printed, scope = symbol(scope, "thing", name, "argument of a function of one number")
        scope = with_thing(scope, name, Named((), Reference(Variable((), printed, name))))
    return scope


def _arguments(node: Product, scope: Scope) -> Iterator[str]:
    """The letters that stand alone in brackets behind a function of one number."""
    for place, (name, group) in enumerate(zip(node.factors, node.factors[1:], strict=False)):
        if node.joins[place] or not isinstance(group, Group) or group.bracket != "(":
            continue
        base = name.base if isinstance(name, Script) and not (name.sub or name.sup) else name
        only = group.content.only
        if isinstance(only, Leaf) and only.kind == "LETTER" and _is_of_number(base, scope):
            yield only.text


def _is_of_number(name: Node, scope: Scope) -> bool:
    function = scope.functions.get(name_of(name)) if isinstance(name, Leaf | Script) else None
    if not isinstance(function, Function) or len(function.slots) != 1 or function.slots[0].vector:
        return False
    meaning = function.meaning
    if not isinstance(meaning, Definition) or function.slots[0].declared is not None:
        return False
    own = meaning.parameters[len(function.implicit) :]
    return len(own) == 1 and isinstance(own[0], Variable) and not own[0].shape


def _is_array(letter: str, tree: Node) -> bool:
    """Whether a letter is written as that of a vector somewhere."""
    return any(_is_letter(part, letter) for node in nodes(tree) for part in _of_arrays(node))


def _of_arrays(node: Node) -> Iterator[Node]:
    """What is no number in a node, by how it is written."""
    if isinstance(node, Script):
        above = node.sup.items if node.sup else ()
        turned = any(isinstance(e, Leaf) and (e.kind == "TOP" or e.text == "T") for e in above)
        if node.sub is not None or turned:
            yield node.base
    if isinstance(node, Product) and {r"\cdot", r"\odot"} & {*node.joins}:
        yield from node.factors
    if isinstance(node, Group) and node.bracket in ("<", r"\|"):
        yield from (each for part in node.content.items for each in nodes(part))


def _is_letter(node: Node, letter: str) -> bool:
    return isinstance(node, Leaf) and node.text == letter
