"""Common declarations by name: ``use sigmoid, one-hot y of o`` stands for what they say.

Each is a row: its name, what it takes, and the lines that it stands for. Whatever they declare is
declared by the block that uses them, and nothing else is assumed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches

from derivations.indices import IndexSet
from derivations.language.tree import vector_axis
from derivations.reader.environment import Scope
from derivations.reader.source import Made, Span, Unreadable

# of the standard normal distribution: the distribution function, and its density
NORMAL = (
    r"define \Phi(z) = \frac{1}{2} (1 + \operatorname{erf}(\frac{z}{\sqrt{2}}))",
    r"define \phi(z) = \frac{1}{\sqrt{2 \pi}} e^{-z^2 / 2}",
)
SIGMOID = r"define \sigma(z) = \frac{1}{1 + e^{-z}}"
_ARGUMENTS = "zxtsrabqpyg"  # letters for the argument of a function, the first that is free
WORD2VEC = (
    "size N, d, K >= 1",
    "size m >= 0",
    "index c, o, w, x in Vocab = 1..N",
    "index k in 1..K",
    "index j in -m..m",
    "vectors u_w in R^d, columns of U",
    "vectors v_w in R^d, columns of V",
    r"define P(O = o | C = c) = \frac{\exp(u_o^T v_c)}{\sum_w \exp(u_w^T v_c)}",
    r"define \hat{y}_w = P(O = w | C = c)",
    r"define y_w = \mathbb{1}_{w = o}",
    SIGMOID,
    r"define J_{naive-softmax}(v_c, o, U) = -\log P(O = o | C = c)",
    "list w_k in Vocab, k in 1..K",
    "read k as w_k",
    r"define J_{neg-sample}(v_c, o, U) ="
    r" -\log(\sigma(u_o^T v_c)) - \sum_k \log(\sigma(-u_k^T v_c))",
    "list w_{t+j} in Vocab, j in -m..m",
    "arbitrary J(v_c, o, U)",
    r"define J_{skip-gram}(v_c, w_{t-m}, ..., w_{t+m}, U) ="
    r" \sum_{-m \le j \le m, j \ne 0} J(v_c, w_{t+j}, U)",
)


def _sigmoid(_: re.Match[str], scope: Scope) -> Iterator[str]:
    yield SIGMOID.replace("z", _argument(scope))


def _normal(_: re.Match[str], scope: Scope) -> Iterator[str]:
    yield from (line.replace("z", _argument(scope)) for line in NORMAL)


def _argument(scope: Scope) -> str:
    """A letter for the argument of a function that stands for nothing else."""
    free = (each for each in _ARGUMENTS if each not in scope.things and each not in scope.letters)
    return next(free, "z")


def _cross_entropy(found: re.Match[str], scope: Scope) -> Iterator[str]:
    y, p = found[1], found[2]
    thing = scope.things.get(y)
    space = vector_axis(thing.body.shape) if thing is not None and not thing.letters else None
    letter = _letter(space, scope)
    if not letter:
        raise _Missing(f"{y} is no vector with an index", f"declare {y}, and an index of its set")
    yield rf"define \mathrm{{CE}}({y}, {p}) = -\sum_{letter} {y}_{letter} \log({p}_{letter})"


def _one_hot(found: re.Match[str], scope: Scope) -> Iterator[str]:
    name, of = found[1], found[2]
    index = scope.letters.get(of)
    letter = _letter(index.space, scope, besides=of) if index is not None else ""
    if not letter:
        raise _Missing(f"there is no other index of the set of {of}", "declare two of them")
    yield rf"define {name}_{letter} = \mathbb{{1}}_{{{letter} = {of}}}"


def _of_each(found: re.Match[str], scope: Scope) -> Iterator[str]:
    yield f"softmax of each {found[1]}"


_NAME = r"(\\?[A-Za-z]+|\\(?:hat|tilde|bar)\{\\?[A-Za-z]+\})"
# what each name stands for; the pattern is of what stands behind `use`
COMMON: dict[str, tuple[str, Callable[[re.Match[str], Scope], Iterator[str]]]] = {
    "sigmoid": (r"sigmoid", _sigmoid),
    "normal distribution": (r"normal distribution", _normal),
    "softmax of each row": (r"softmax of each (row|column)", _of_each),
    "softmax": (r"softmax", lambda found, scope: iter(())),  # it needs no declaration
    "cross-entropy of y and p": (rf"cross-entropy\s+of\s+{_NAME}\s+and\s+{_NAME}", _cross_entropy),
    "one-hot y of o": (rf"one-hot\s+{_NAME}\s+of\s+([A-Za-z])", _one_hot),
    "word2vec": (r"word2vec", lambda found, scope: iter(WORD2VEC)),
}


class _Missing(Exception):
    """What has to be declared before something common can be used."""

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(what)
        self.what, self.advice = what, advice


def _letter(space: IndexSet | None, scope: Scope, besides: str = "") -> str:
    """A declared letter for the members of a set, other than some letter."""
    letters = scope.letters.items()
    found = (name for name, index in letters if index.space == space and name != besides)
    return next(found, "")


def common(span: Span) -> list[Span]:
    """What is used, piece by piece."""
    pieces, start = [], 0
    for text in span.text.split(","):
        pieces.append(span.part(start, start + len(text)).stripped)
        start += len(text) + 1
    return pieces


def lines_of(piece: Span, scope: Scope) -> list[Span]:
    """The declarations that a piece stands for, each at its place."""
    for pattern, lines in COMMON.values():
        found = re.fullmatch(pattern, piece.text)
        if found is not None:
            try:
                return [_at(piece, line) for line in lines(found, scope)]
            except _Missing as missing:
                raise Unreadable(piece.place, piece.text, missing.what, missing.advice) from None
    near = get_close_matches(piece.text, COMMON, n=1, cutoff=0.4)
    advice = f"did you mean {near[0]}?" if near else f"known are {', '.join(COMMON)}"
    raise Unreadable(piece.place, piece.text[:60], "nothing common has this name", advice)


def _at(piece: Span, text: str) -> Span:
    """A line that stands at the place of a piece."""
    made = Made(piece.source)
    made.add(text, at=piece)
    return made.source(piece).whole
