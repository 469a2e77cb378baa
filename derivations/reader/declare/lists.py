"""Lists of labels, and letters that stand for their entries."""

from __future__ import annotations

from dataclasses import replace

from derivations.language.tree import WordList
from derivations.reader.declare.forms import IN, split, wrong
from derivations.reader.declare.naming import symbol
from derivations.reader.declare.sets import declared_letter, index_set
from derivations.reader.elaborate.spelling import as_subscript, declared_name, letter_of, name_of
from derivations.reader.formula import formula, listing
from derivations.reader.problem import Unreadable
from derivations.reader.scope import Scope
from derivations.reader.source import Span
from derivations.reader.syntax import Node, Script, Terms


def labels(span: Span, scope: Scope) -> Scope:
    """``list w_k in Vocab, k in 1..K``."""
    entry, named, letter, places = split(span, rf"(.*?){IN}(\w+)\s*,\s*(\S+){IN}(.*)", "list")
    if named.text not in scope.sets:
        raise Unreadable(named.place, named.text, "no index set has this name", "declare one")
    space, scope = index_set(places, scope)
    found, own = listing(entry).only, letter_of(formula(letter))
    node = as_subscript(found) if found is not None else None
    if not isinstance(node, Script) or node.sub is None or not own:
        raise wrong(span, "list")
    base, inside = declared_name(node.base), node.sub.only
    origin = _origin(inside, own) if inside is not None else None
    if origin is None:
        raise wrong(span, "list")
    values = scope.sets[named.text]
    latex = f"{base}_{origin}" if origin else base
    name, scope = symbol(scope, "list", latex, f"list in {values} over {space}")
    words = WordList(name, values, space, base, origin)
    others = tuple(each for each in scope.lists.get(base, ()) if each.origin != origin)
    scope = replace(scope, lists={**scope.lists, base: (*others, words)})
    return scope if own in scope.letters else declared_letter(own, space, scope)


def _origin(inside: Node, letter: str) -> str | None:
    """What the places are counted from: t in ``w_{t+j}``, nothing in ``w_j``."""
    if letter_of(inside) == letter:
        return ""
    if not isinstance(inside, Terms) or inside.signs != ("+", "+"):
        return None
    origin, place = map(letter_of, inside.parts)
    return origin if place == letter else None


def stand_in(span: Span, scope: Scope) -> Scope:
    """``read k as w_k``."""
    letter, entry = split(span, r"\s*(\S+)\s+as\s+(\S+)\s*", "read")
    own = formula(letter)
    index, node = scope.letters.get(letter_of(own)), formula(entry)
    if index is None or not isinstance(node, Script) or node.sub is None or node.sub.only != own:
        raise wrong(span, "read")
    lists = scope.lists.get(name_of(node.base), ())
    fitting = [words for words in lists if words.places == index.space and not words.origin]
    if len(fitting) != 1:
        raise wrong(span, "read")
    return replace(scope, stand_ins={**scope.stand_ins, index.space: fitting[0]})
