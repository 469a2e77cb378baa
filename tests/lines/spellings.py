"""Spellings of one thing, with how often each is taken. Data, and the habits of one writer.

The first spelling of each kind is the plain one, used when a case is made small.
"""

from __future__ import annotations

from random import Random

SPELLINGS: dict[str, dict[str, int]] = {
    # arrays
    "transpose": {
        "^T": 8,
        r"^\top": 8,
        r"^{\top}": 4,
        "^{T}": 4,
        r"^{\mathsf{T}}": 1,
        r"^\intercal": 1,
        r"^{\mathrm{T}}": 1,
    },
    "inner product": {r"\cdot": 3, r"\langle\rangle": 3, r"\left\langle\right\rangle": 1},
    "norm": {
        r"\lVert\rVert^2": 4,
        r"\|\|^2": 4,
        r"\|\|_2^2": 2,
        r"\left\|\right\|^2": 1,
        "||||^2": 1,
    },
    "entrywise": {r"\odot": 4, r"\circ": 1},
    "markup": {"plain": 12, r"\mathbf": 2, r"\boldsymbol": 1, r"\bm": 1, r"\vec": 1, r"\bold": 1},
    "subscripts": {"_{ij}": 6, "_{i,j}": 3, "_{i j}": 1},
    "one subscript": {"_i": 6, "_{i}": 4},
    "entry of a product": {"()_i": 5, "[]_i": 2},
    # numbers
    "brackets": {
        "()": 12,
        r"\left(\right)": 4,
        "[]": 3,
        r"\bigl(\bigr)": 2,
        r"\Big(\Big)": 1,
        r"\left[\right]": 1,
        r"\{\}": 1,
    },
    "needless brackets": {"no": 12, "yes": 1},
    "fraction": {r"\frac": 8, "/": 3, r"\dfrac": 1, r"\tfrac": 1, r"\nicefrac": 1},
    "simple fraction": {r"\frac{1}{2}": 8, r"\frac12": 2, "(1/2)": 1, "0.5": 1},
    "times": {
        "": 24,
        r"\,": 4,
        r"\cdot": 3,
        r"\times": 1,
        "~": 1,
        r"\;": 1,
        r"\!": 1,
        "*": 1,
    },
    "power": {"^2": 5, "^{2}": 3},
    "exp": {
        r"\exp()": 5,
        "e^{}": 5,
        r"\exp\left(\right)": 2,
        r"\exp\{\}": 1,
        r"\mathrm{e}^{}": 1,
        r"\operatorname{exp}()": 1,
        r"\exp[]": 1,
        "exp()": 1,
    },
    "log": {
        r"\log()": 6,
        r"\ln()": 3,
        r"\log\left(\right)": 2,
        r"\mathrm{log}()": 1,
        "log()": 1,
        r"\log": 4,
    },
    "arguments": {"()": 8, r"\left(\right)": 2, r"\bigl(\bigr)": 1},
    # sums
    "limits": {
        r"\sum_i": 8,
        r"\sum_{i=1}^n": 5,
        r"\sum_{i=1}^{n}": 4,
        r"\sum_{i}": 3,
        r"\sum^n_{i=1}": 1,
        r"\sum\limits_{i=1}^n": 1,
        r"\sum_{1 \le i \le n}": 1,
        r"\sum_{i \in \{1, \dots, n\}}": 1,
        r"\sum_{i \in [n]}": 1,
        r"\sum_{i \in S}": 5,
        r"\displaystyle\sum_i": 1,
        r"\sum_i^{}": 1,
    },
    "part of a range": {
        r"\sum_{i=2}^{n}": 8,
        r"\sum_{2 \le i \le n}": 1,
        r"\sum_{i \in \{2, \dots, n\}}": 1,
    },
    "sums over two": {r"\sum_i \sum_j": 5, r"\sum_{i, j}": 3, r"\sum_{i,j}": 1},
    "sums over two, unequal": {
        r"\sum_i \sum_{j \ne i}": 4,
        r"\sum_{i, j : i \ne j}": 3,
        r"\sum_{i, j \ne i}": 4,
    },
    "condition of a sum": {
        "i : c": 4,
        "i, c": 3,
        r"\substack": 2,
        r"i \mid c": 1,
    },
    "subset": {r"i \in S": 4, r"i : i \in S": 2},
    "unequal": {r"i \ne j": 5, r"i : i \ne j": 3},
    "ne": {r"\ne": 5, r"\neq": 5},
    "equal indices": {
        r"\delta_{ij}": 6,
        r"\mathbb{1}_{i = j}": 4,
        r"\mathbb{1}[i = j]": 2,
        r"\mathbb{1}\{i = j\}": 2,
        r"\mathbb{1}_{\{i = j\}}": 2,
        r"[i = j]": 1,
        r"\mathbf{1}_{i = j}": 1,
        r"\mathbf{1}\{i = j\}": 1,
        r"\mathbb{I}(i = j)": 1,
        r"\begin{cases}": 2,
        r"\left\{\begin{array}": 1,
        r"\mathbb{1}(i = j)": 1,
        r"\mathbf{1}[i = j]": 1,
        "1_{i = j}": 1,
        "1[i = j]": 1,
    },
    "inequality": {"a < b": 5, "b > a": 4},
    "indicator of an inequality": {
        r"\mathbb{1}(c)": 4,
        r"\mathbb{1}\{c\}": 3,
        r"\mathbb{1}_{c}": 2,
        r"\mathbf{1}[c]": 1,
        r"\mathbb{I}(c)": 1,
        "[c]": 2,
        "1_{c}": 1,
    },
    "cases by size": {"otherwise": 5, "both": 4},
    # derivatives
    "derivative": {
        r"\frac{\partial}{\partial x} f": 6,
        r"\frac{\partial f}{\partial x}": 5,
        r"\frac{d}{dx} f": 1,
        r"\frac{df}{dx}": 1,
        r"\frac{\mathrm{d}}{\mathrm{d} x} f": 1,
        r"\partial f / \partial x": 1,
        r"\frac{\text{d}}{\text{d} x} f": 1,
        r"\frac{\delta f}{\delta x}": 1,
        r"\pdv{f}{x}": 1,
        r"\partial_x f": 1,
    },
    "gradient": {
        r"\nabla_x f": 6,
        r"\nabla_{x} f": 3,
        r"\grad_{x} f": 1,
        r"\frac{\delta}{\delta x} f": 1,
        r"\frac{\partial}{\partial x} f": 3,
        r"\frac{\partial f}{\partial x}": 3,
    },
    "prime": {"f'": 6, r"f^{\prime}": 2, r"f^\prime": 1},
    # files
    "display": {
        "$$ $$": 8,
        "lines": 3,
        "aligned": 1,
        "stop": 1,
        "tag": 1,
        "(3)": 1,
        r"\boxed": 1,
        r"\begin{array}": 1,
        r"\therefore": 1,
        r"&& \text": 1,
        ":=": 1,
    },
    "line condition": {"- if": 4, "(c)": 2, r"\text{if }": 2, ", c": 1, r"c \Rightarrow": 1},
    "declarations": {"one a line": 3, "joined": 3},
    "reals": {"R": 6, r"\mathbb{R}": 1},
}
HABIT = 0.8  # how often one writer takes the spelling that is his habit


class Style:
    """Spellings drawn for one file; ``used`` says which were."""

    def __init__(self, random: Random | None) -> None:
        self._random = random
        self._habits: dict[str, str] = {}
        self.used: set[tuple[str, str]] = set()

    def pick(self, kind: str, among: tuple[str, ...] = ()) -> str:
        """A spelling of this kind, of those in ``among`` if any are named."""
        weights = {name: w for name, w in SPELLINGS[kind].items() if not among or name in among}
        if self._random is None:
            found = next(iter(weights))
        else:
            habit = self._habits.setdefault(kind, self._drawn(weights))
            keeps = habit in weights and self._random.random() < HABIT
            found = habit if keeps else self._drawn(weights)
        self.used.add((kind, found))
        return found

    def always(self, kind: str) -> str:
        """A spelling that one writer never changes."""
        if kind not in self._habits:
            self._habits[kind] = self.pick(kind)
        return self._habits[kind]

    def _drawn(self, weights: dict[str, int]) -> str:
        assert self._random is not None
        return self._random.choices(list(weights), list(weights.values()))[0]

    def chance(self, probability: float) -> bool:
        """Whether something is done that need not be; never where a case is made small."""
        return self._random is not None and self._random.random() < probability
