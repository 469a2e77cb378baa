"""Terms in LaTeX, in every spelling that people use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from random import Random
from typing import Any

from tests.lines.algebra import free_names
from tests.lines.tree import (
    Add,
    Apply,
    Between,
    Call,
    Card,
    Cell,
    Closure,
    Comparison,
    Deriv,
    Det,
    Div,
    Dot,
    Either,
    End,
    Entry,
    Env,
    Family,
    Holds,
    Index,
    Indicator,
    Inv,
    Letter,
    Listed,
    Matmul,
    Matrix,
    Member,
    Moved,
    Mul,
    Name,
    Neg,
    NormSquared,
    Nth,
    Num,
    Odot,
    Picked,
    Pow,
    Prime,
    Prod,
    Range,
    Scalar,
    SetName,
    Size,
    Sum,
    Term,
    Trace,
    Transpose,
    Unit,
    Vector,
    Whole,
    letter_in,
    subterms,
)

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


class Level(IntEnum):
    """How tightly a piece holds together."""

    NAME = 0  # takes scripts
    CLOSED = 1  # a factor
    NUMBER = 2  # a factor, in front
    PRODUCT = 3
    OPEN = 4  # reaches over all that follows in its term
    LOOSE = 5  # a slash or a dot
    TERMS = 6


# before and behind the argument, in two spellings
_SPELLED = {
    "sqrt": ((r"\sqrt{", "}"), (r"\sqrt{", "}")),
    "abs": (("|", "|"), (r"\left|", r"\right|")),
    "relu": ((r"\max(0, ", ")"), (r"\mathrm{ReLU}(", ")")),
    "tanh": ((r"\tanh(", ")"), (r"\tanh\left(", r"\right)")),
    "sinh": ((r"\sinh(", ")"), (r"\sinh[", "]")),
    "cosh": ((r"\cosh(", ")"), (r"\mathrm{cosh}(", ")")),
    "sigmoid": ((r"\mathrm{sigmoid}(", ")"), (r"\operatorname{sigmoid}(", ")")),
    "softplus": ((r"\mathrm{softplus}(", ")"), (r"\operatorname{softplus}(", ")")),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a formula."""

    text: str
    level: Level


class Writer:
    """Writes terms under the declarations of one scope."""

    def __init__(self, style: Style, env: Env) -> None:
        self.style, self.env = style, env
        self._bound: dict[str, str] = {}  # letters of the sums around, and their axes

    def text(self, term: Term) -> str:
        """A term standing alone."""
        return self.piece(term).text

    def piece(self, term: Term) -> Piece:
        """A term as a piece."""
        return _WAYS[type(term)](self, term)

    # Brackets

    def bracketed(self, text: str, *, short: bool = False) -> str:
        """In brackets; square ones could be an index where what they hold is short."""
        among = ("()", r"\left(\right)", r"\bigl(\bigr)", r"\Big(\Big)") if short else ()
        return _around(self.style.pick("brackets", among), text)

    def factor(self, piece: Piece, *, last: bool = False) -> str:
        """As a factor of a product."""
        loose = piece.level > Level.OPEN or (piece.level is Level.OPEN and not last)
        if loose or (piece.level <= Level.CLOSED and self._needless()):
            return self.bracketed(piece.text, short=piece.level <= Level.CLOSED)
        return piece.text

    def closed(self, piece: Piece) -> str:
        """As one factor, in brackets unless it is one."""
        if piece.level <= Level.NUMBER:
            return piece.text
        return self.bracketed(piece.text)

    def term(self, piece: Piece) -> str:
        """As a term behind a sign."""
        return self.bracketed(piece.text) if piece.level is Level.TERMS else piece.text

    def _needless(self) -> bool:
        return self.style.pick("needless brackets") == "yes" and self.style.chance(0.5)

    # Names and members

    def name(self, name: str) -> str:
        """A name, perhaps in the type that arrays are printed in."""
        binding = self.env.get(name)
        declaration = binding.declaration if isinstance(binding, Cell) else None
        if name in self._bound or not isinstance(declaration, Vector | Matrix | Family):
            return name
        markup = self.style.always("markup")
        if markup == "plain" or not (len(name) == 1 or markup == r"\boldsymbol"):
            return name
        return rf"{markup}{{{name}}}"

    def member(self, member: Member) -> str:
        """A member of an index set."""
        match member:
            case Letter(name):
                return name
            case Moved(of, by):
                return f"{of.name}{'+' if by > 0 else '-'}{abs(by)}"
            case Nth(number):
                return str(number)
            case End(size, by):
                return size if not by else f"{size}{'+' if by > 0 else '-'}{abs(by)}"
            case Listed(name, at):
                return f"{name}_{at.name}"
            case SetName(name, place):
                return name if place is None else f"{name}_{place.name}"

    def subscript(self, at: Sequence[Member]) -> str:
        """One or two members below a name."""
        texts = [self.member(member) for member in at]
        if len(texts) == 1:
            if len(texts[0]) == 1 and self.style.pick("one subscript") == "_i":
                return f"_{texts[0]}"
            return f"_{{{texts[0]}}}"
        if any(not isinstance(each, Letter | Nth) for each in at):
            return f"_{{{', '.join(texts)}}}"
        way = self.style.pick("subscripts")
        return {"_{ij}": "_{%s%s}", "_{i,j}": "_{%s,%s}", "_{i j}": "_{%s %s}"}[way] % (*texts,)

    def comparison(self, comparison: Comparison) -> str:
        """A relation between members."""
        signs = {"=": "=", "<": "<", "<=": r"\le", ">": ">", ">=": r"\ge"}
        signs |= {"in": r"\in", "not in": r"\notin"}
        sign = signs.get(comparison.sign)
        sign = sign or self.style.pick("ne")
        return f"{self.member(comparison.left)} {sign} {self.member(comparison.right)}"

    # Terms, each in its ways

    def _num(self, term: Num) -> Piece:
        value = abs(term.value)
        if value.denominator == 1:
            piece = Piece(str(value), Level.NUMBER)
        else:
            piece = self._simple_fraction(value)
        return Piece(f"-{piece.text}", Level.TERMS) if term.value < 0 else piece

    def _simple_fraction(self, value: Fraction) -> Piece:
        over, under = value.numerator, value.denominator
        among = [r"\frac{1}{2}", "(1/2)"]
        among += [r"\frac12"] if max(over, under) < 10 else []
        among += ["0.5"] if under in (2, 4, 5) else []
        match self.style.pick("simple fraction", tuple(among)):
            case r"\frac12":
                return Piece(rf"\frac{over}{under}", Level.CLOSED)
            case "(1/2)":
                return Piece(f"({over}/{under})", Level.CLOSED)
            case "0.5":
                return Piece(f"{float(value):g}", Level.NUMBER)
        return Piece(rf"\frac{{{over}}}{{{under}}}", Level.CLOSED)

    def _name(self, term: Name) -> Piece:
        return Piece(self.name(term.name), Level.NAME)

    def _entry(self, term: Entry) -> Piece:
        match term.of:
            case Name(name):
                text = self.name(name) + self.subscript(term.at)
            case Picked(family, at) if isinstance(at, Letter) and self.style.chance(0.5):
                text = self.name(family) + self.subscript((at, *term.at))
            case _:
                way = self.style.pick("entry of a product")
                inside = self.text(term.of)
                held = f"({inside})" if way == "()_i" else f"[{inside}]"
                text = held + self.subscript(term.at)
        return Piece(text, Level.CLOSED)

    def _picked(self, term: Picked) -> Piece:
        return Piece(self.name(term.family) + self.subscript((term.at,)), Level.CLOSED)

    def _add(self, term: Add) -> Piece:
        text = ""
        for number, part in enumerate(term.parts):
            minus = isinstance(part, Neg)
            piece = self.piece(part.of if isinstance(part, Neg) else part)
            held = self.term(piece)
            after = term.parts[number + 1 :]
            if (
                piece.level is Level.OPEN
                and after
                and (self.style.chance(0.3) or _seems_to_reach(part, after))
            ):
                held = self.bracketed(piece.text)
            if text:
                text += f" {'-' if minus else '+'} {held}"
            else:
                text = f"-{held}" if minus else held
        return Piece(text, Level.TERMS)

    def _neg(self, term: Neg) -> Piece:
        return Piece(f"-{self.term(self.piece(term.of))}", Level.TERMS)

    def _mul(self, term: Mul) -> Piece:
        parts = sorted(term.parts, key=lambda part: not isinstance(part, Num))
        pieces = [self.piece(part) for part in parts]
        opens = [n for n, piece in enumerate(pieces) if piece.level is Level.OPEN]
        if opens and not self._is_array(parts[-1]) and self.style.chance(0.6):
            pieces.append(pieces.pop(opens[-1]))
            parts.append(parts.pop(opens[-1]))
        return self._product(pieces, parts)

    def _product(self, pieces: list[Piece], parts: list[Term]) -> Piece:
        text = ""
        for number, (piece, part) in enumerate(zip(pieces, parts, strict=True)):
            last = number + 1 == len(pieces)
            inner = isinstance(part, Matmul) and not self.style.chance(0.2)
            held = self.bracketed(piece.text) if inner else self.factor(piece, last=last)
            if number:
                text += self._join(pieces[number - 1], parts[number - 1], piece, held)
            text += held
        level = Level.OPEN if pieces[-1].level is Level.OPEN else Level.PRODUCT
        return Piece(text, level)

    def _join(self, before: Piece, part: Term, piece: Piece, held: str) -> str:
        """What stands between two factors."""
        fraction = held.startswith((r"\frac", r"\tfrac", r"\dfrac"))
        if held[0].isdigit() or (before.level is Level.NUMBER and fraction):
            return r" \cdot "
        opens = held.startswith(("(", "[", r"\{", r"\left", r"\big", r"\Big"))
        if opens and before.level is Level.NAME and self._could_be_applied(part):
            return r" \cdot "
        way = self.style.pick("times")
        if way in (r"\cdot", r"\times", "*") and (self._is_array(part) or "T" in held):
            way = ""
        return f" {way} " if way else " "

    def _could_be_applied(self, part: Term) -> bool:
        return isinstance(part, Name) and isinstance(self.env.get(part.name), Closure)

    def _is_array(self, part: Term) -> bool:
        """Whether a factor may be an array, as far as its kind tells."""
        if isinstance(part, Name):
            binding = self.env.get(part.name)
            scalar = isinstance(binding, Cell) and isinstance(
                binding.declaration, Scalar | Size | Index | None
            )
            return part.name not in self._bound and not scalar
        return isinstance(part, Matmul | Transpose | Picked | Odot | Dot | Inv | Unit)

    def _div(self, term: Div) -> Piece:
        over, under = self.piece(term.over), self.piece(term.under)
        simple = over.level <= Level.PRODUCT and under.level <= Level.NUMBER
        way = self.style.pick(
            "fraction", () if simple else (r"\frac", r"\dfrac", r"\tfrac", r"\nicefrac")
        )
        if way == "/":
            return Piece(f"{over.text} / {under.text}", Level.LOOSE)
        return Piece(f"{way}{{{over.text}}}{{{under.text}}}", Level.CLOSED)

    def _pow(self, term: Pow) -> Piece:
        base = self.piece(term.base)
        bare = base.level is Level.NAME or (
            isinstance(term.base, Entry) and isinstance(term.base.of, Name)
        )
        held = base.text if bare else self.bracketed(base.text, short=True)
        short = 0 <= term.exponent < 10 and self.style.pick("power") == "^2"
        raised = f"^{term.exponent}" if short else f"^{{{term.exponent}}}"
        return Piece(held + raised, Level.CLOSED)

    def _apply(self, term: Apply) -> Piece:
        inner = self.piece(term.of)
        if term.function in _SPELLED:
            return Piece(self._spelled(term.function, inner.text), Level.CLOSED)
        among: tuple[str, ...] = ()
        if term.function == "log" and inner.level > Level.NUMBER:
            among = (r"\log()", r"\ln()", r"\log\left(\right)", r"\mathrm{log}()", "log()")
        way = self.style.pick(term.function, among)
        if way == r"\log":
            return Piece(rf"\log {inner.text}", Level.OPEN)
        if way.endswith("^{}"):
            return Piece(f"{way[:-1]}{inner.text}}}", Level.CLOSED)
        command = next(c for c in ("()", r"\left(\right)", r"\{\}", "[]") if way.endswith(c))
        return Piece(way.removesuffix(command) + _around(command, inner.text), Level.CLOSED)

    def _spelled(self, function: str, inner: str) -> str:
        """A function that has no style of its own, in one of two spellings."""
        before, behind = _SPELLED[function][int(self.style.chance(0.4))]
        if "|" in before and any(bar in inner for bar in ("|", "vert", "Vert")):
            before, behind = r"\lvert ", r" \rvert"
        return f"{before}{inner}{behind}"

    def _call(self, term: Call) -> Piece:
        texts = [
            self.member(each)
            if isinstance(each, Letter | Moved | Nth | End | Listed | SetName)
            else self.text(each)
            for each in term.arguments
        ]
        held = _around(self.style.pick("arguments"), ", ".join(texts))
        return Piece(self.name(term.name) + held, Level.CLOSED)

    def _prime(self, term: Prime) -> Piece:
        mark = self.style.pick("prime").removeprefix("f")
        held = _around(self.style.pick("arguments"), self.text(term.argument))
        return Piece(self.name(term.name) + mark + held, Level.CLOSED)

    def _matmul(self, term: Matmul) -> Piece:
        left, right = self.piece(term.left), self.piece(term.right)
        first = self.factor(left)
        nested = right.level is Level.PRODUCT
        flat = nested and isinstance(term.right, Matmul) and self.style.chance(0.3)
        second = right.text if flat else self.closed(right)
        return Piece(f"{first} {second}", Level.PRODUCT)

    def _transpose(self, term: Transpose) -> Piece:
        inner = self.piece(term.of)
        bare = isinstance(term.of, Name | Picked)
        held = inner.text if bare else self.bracketed(inner.text, short=True)
        return Piece(held + self.style.pick("transpose"), Level.CLOSED)

    def _dot(self, term: Dot) -> Piece:
        way = self.style.pick("inner product")
        if way == r"\cdot":
            left, right = self.closed(self.piece(term.left)), self.closed(self.piece(term.right))
            return Piece(rf"{left} \cdot {right}", Level.LOOSE)
        return Piece(_around(way, f"{self.text(term.left)}, {self.text(term.right)}"), Level.CLOSED)

    def _norm(self, term: NormSquared) -> Piece:
        way, inside = self.style.pick("norm"), self.text(term.of)
        marks, raised = way.removesuffix("^2").removesuffix("_2"), way[-4:] if "_2" in way else "^2"
        opening, closing = marks[: len(marks) // 2], marks[len(marks) // 2 :]
        if marks.startswith(r"\left"):
            opening, closing = r"\left\|", r"\right\|"
        return Piece(f"{opening} {inside} {closing}{raised}", Level.CLOSED)

    def _odot(self, term: Odot) -> Piece:
        sign = self.style.pick("entrywise")
        left, right = self.closed(self.piece(term.left)), self.closed(self.piece(term.right))
        return Piece(f"{left} {sign} {right}", Level.LOOSE)

    def _trace(self, term: Trace) -> Piece:
        name = r"\operatorname{tr}" if self.style.chance(0.5) else r"\mathrm{Tr}"
        return Piece(f"{name}({self.text(term.of)})", Level.CLOSED)

    def _det(self, term: Det) -> Piece:
        """Within bars there are no others."""
        inner = self.piece(term.of)
        if isinstance(term.of, Name) and self.style.chance(0.3):
            return Piece(f"|{inner.text}|", Level.CLOSED)
        return Piece(rf"\det({inner.text})", Level.CLOSED)

    def _unit(self, term: Unit) -> Piece:
        return Piece("I", Level.NAME)

    def _inv(self, term: Inv) -> Piece:
        inner = self.piece(term.of)
        bare = isinstance(term.of, Name)
        return Piece((inner.text if bare else f"({inner.text})") + "^{-1}", Level.CLOSED)

    # Sums and indicators

    def _prod(self, term: Prod) -> Piece:
        """In brackets all of it, unless what is multiplied is one factor with the letter."""
        same = Sum(term.letter, term.over, term.conditions, term.body)
        sign = self._sign(same).replace(r"\sum", r"\prod")
        before = dict(self._bound)
        self._bound[term.letter] = term.over.axis
        inner = self.piece(term.body)
        self._bound = before
        bare = inner.level <= Level.CLOSED and not self._needless()
        held = inner.text if bare else self.bracketed(inner.text)
        return Piece(f"{sign} {held}", Level.OPEN)

    def _sum(self, term: Sum) -> Piece:
        merged = self._merged(term)
        if merged is not None:
            return merged
        sign = self._sign(term)
        return self._summed(sign, term)

    def _summed(self, sign: str, *sums: Sum) -> Piece:
        before = dict(self._bound)
        self._bound.update({each.letter: each.over.axis for each in sums})
        inner = self.piece(sums[-1].body)
        self._bound = before
        held = self.bracketed(inner.text) if inner.level > Level.OPEN else inner.text
        return Piece(f"{sign} {held}", Level.OPEN)

    def _merged(self, term: Sum) -> Piece | None:
        """Two sums under one sign."""
        inner = term.body
        if not isinstance(inner, Sum) or term.conditions or term.letter == inner.letter:
            return None
        if not (self._is_declared(term) and self._is_declared(inner)):
            return None
        one, other = term.letter, inner.letter
        if not inner.conditions:
            way = self.style.pick("sums over two")
            comma = ", " if way == r"\sum_{i, j}" else ","
            merged = way.startswith(r"\sum_{")
            return self._summed(rf"\sum_{{{one}{comma}{other}}}", term, inner) if merged else None
        if not _tells_apart(inner, one):
            return None
        sign = self.style.pick("ne")
        match self.style.pick("sums over two, unequal"):
            case r"\sum_{i, j : i \ne j}":
                return self._summed(rf"\sum_{{{one}, {other} : {one} {sign} {other}}}", term, inner)
            case r"\sum_{i, j \ne i}":
                return self._summed(rf"\sum_{{{one}, {other} {sign} {one}}}", term, inner)
        return None

    def _is_declared(self, term: Sum) -> bool:
        """Whether the letter alone says what the sum runs over."""
        binding = self.env.get(term.letter.rstrip("'"))
        axis = self.env.get(term.over.axis)
        return (
            isinstance(term.over, Whole)
            and isinstance(binding, Cell)
            and isinstance(binding.declaration, Index)
            and binding.axes[0] is axis
            and self._bound.get(term.letter, term.over.axis) == term.over.axis
        )

    def _card(self, term: Card) -> Piece:
        return Piece(f"|{self.member(term.of)}|", Level.CLOSED)

    def _sign(self, term: Sum) -> str:
        match term.conditions:
            case (Comparison(Letter(own), _, SetName()) as only,) if own == term.letter:
                if isinstance(term.over, Whole) and self.style.pick("subset") == r"i \in S":
                    return rf"\sum_{{{self.comparison(only)}}}"
        conditions = [self.comparison(_first(term.letter, each)) for each in term.conditions]
        if self._can_be_short(term) and self.style.pick("unequal") == r"i \ne j":
            return rf"\sum_{{{conditions[0]}}}"
        sign, below, above = self._limits(term.letter, term.over, self._is_declared(term))
        if conditions:
            bare = below == term.letter
            ways = () if bare else ("i, c", r"\substack")
            match self.style.pick("condition of a sum", ways):
                case "i : c":
                    below = f"{below} : {', '.join(conditions)}"
                case r"i \mid c":
                    below = rf"{below} \mid {', '.join(conditions)}"
                case "i, c":
                    below = ", ".join([below, *conditions])
                case _:
                    stacked = r" \\ ".join([below, *conditions])
                    below = rf"\substack{{{stacked}}}"
        held = below if len(below) == 1 and self.style.chance(0.6) else f"{{{below}}}"
        if sign.endswith("^"):
            return f"{sign}{above}_{held}"
        return f"{sign}_{held}" + (f"^{above}" if above else "")

    def _can_be_short(self, term: Sum) -> bool:
        if len(term.conditions) != 1 or not self._is_declared(term):
            return False
        (only,) = term.conditions
        return only.sign == "!=" and _first(term.letter, only).left == Letter(term.letter)

    def _limits(self, letter: str, over: Range, declared: bool) -> tuple[str, str, str]:
        """The sign, what stands below, and what above."""
        if isinstance(over, Between):
            low, high = self.member(over.low), self.member(over.high)
            match self.style.pick("part of a range"):
                case r"\sum_{i=2}^{n}":
                    return r"\sum", f"{letter}={low}", f"{{{high}}}"
                case r"\sum_{2 \le i \le n}":
                    return r"\sum", rf"{low} \le {letter} \le {high}", ""
            return r"\sum", rf"{letter} \in \{{{low}, \dots, {high}\}}", ""
        return self._all_of(letter, over.axis, declared)

    def _all_of(self, letter: str, axis: str, declared: bool) -> tuple[str, str, str]:
        named = self._set_of(axis)
        ways = {
            r"\sum_i": (r"\sum", letter, ""),
            r"\sum_{i}": (r"\sum", letter, ""),
            r"\displaystyle\sum_i": (r"\displaystyle\sum", letter, ""),
            r"\sum_{i=1}^n": (r"\sum", f"{letter}=1", axis),
            r"\sum_{i=1}^{n}": (r"\sum", f"{letter} = 1", f"{{{axis}}}"),
            r"\sum_i^{}": (r"\sum", letter, "{}"),
            r"\sum^n_{i=1}": (r"\sum^", f"{letter}=1", axis),
            r"\sum\limits_{i=1}^n": (r"\sum\limits", f"{letter}=1", axis),
            r"\sum_{1 \le i \le n}": (r"\sum", rf"1 \le {letter} \le {axis}", ""),
            r"\sum_{i \in [n]}": (r"\sum", rf"{letter} \in [{axis}]", ""),
            r"\sum_{i \in S}": (r"\sum", rf"{letter} \in {named}", ""),
            r"\sum_{i \in \{1, \dots, n\}}": (
                r"\sum",
                rf"{letter} \in \{{1, \dots, {axis}\}}",
                "",
            ),
        }
        short = {r"\sum_i", r"\sum_{i}", r"\displaystyle\sum_i", r"\sum_i^{}"}
        among = tuple(
            way
            for way in ways
            if (declared or way not in short) and (named or way != r"\sum_{i \in S}")
        )
        return ways[self.style.pick("limits", among)]

    def _set_of(self, axis: str) -> str:
        """The name of the set of labels 1..n, if it has one."""
        cell = self.env.get(axis)
        cells = [each for each in self.env.values() if isinstance(each, Cell)]
        found = [each.declaration for each in cells if each.axes and each.axes[0] is cell]
        return next((each.set for each in found if isinstance(each, Index) and each.set), "")

    def _indicator(self, term: Indicator) -> Piece:
        relation = self.comparison(term.of)
        one, other = self.member(term.of.left), self.member(term.of.right)
        ways = {
            r"\delta_{ij}": rf"\delta_{{{one} {other}}}",
            r"\mathbb{1}_{i = j}": rf"\mathbb{{1}}_{{{relation}}}",
            r"\mathbb{1}[i = j]": rf"\mathbb{{1}}[{relation}]",
            r"\mathbb{1}\{i = j\}": rf"\mathbb{{1}}\{{{relation}\}}",
            r"\mathbb{1}_{\{i = j\}}": rf"\mathbb{{1}}_{{\{{{relation}\}}}}",
            r"[i = j]": f"[{relation}]",
            r"\mathbf{1}_{i = j}": rf"\mathbf{{1}}_{{{relation}}}",
            r"\mathbf{1}\{i = j\}": rf"\mathbf{{1}}\{{{relation}\}}",
            r"\mathbb{I}(i = j)": rf"\mathbb{{I}}({relation})",
            r"\begin{cases}": rf"\begin{{cases}} 1 & {relation} \\ 0 & \text{{else}} \end{{cases}}",
            r"\left\{\begin{array}": rf"\left\{{\begin{{array}}{{ll}} 1, & \text{{if }} {relation} "
            r"\\ 0, & \text{otherwise} \end{array}\right.",
            r"\mathbb{1}(i = j)": rf"\mathbb{{1}}({relation})",
            r"\mathbf{1}[i = j]": rf"\mathbf{{1}}[{relation}]",
            "1_{i = j}": f"1_{{{relation}}}",
            "1[i = j]": f"1[{relation}]",
        }
        if not isinstance(term.of.left, Letter) or not isinstance(term.of.right, Letter):
            ways[r"\delta_{ij}"] = rf"\delta_{{{one}, {other}}}"
        among = tuple(way for way in ways if term.of.sign == "=" or way != r"\delta_{ij}")
        return Piece(ways[self.style.pick("equal indices", among)], Level.CLOSED)

    def _inequality(self, left: Term, sign: str, right: Term) -> str:
        one, other = self.text(left), self.text(right)
        below, above = {"<": ("<", ">"), "<=": (r"\le", r"\ge")}[sign]
        if self.style.pick("inequality") == "a < b":
            return f"{one} {below} {other}"
        return f"{other} {above} {one}"

    def _holds(self, term: Holds) -> Piece:
        relation = self._inequality(term.left, term.sign, term.right)
        way = self.style.pick("indicator of an inequality")
        return Piece(way.replace("c", relation), Level.CLOSED)

    def _either(self, term: Either) -> Piece:
        then, otherwise = self.text(term.then), self.text(term.otherwise)
        relation = self._inequality(term.left, term.sign, term.right)
        rest = r"\text{otherwise}"
        if self.style.pick("cases by size") == "both":
            other = "<" if term.sign == "<=" else "<="
            rest = self._inequality(term.right, other, term.left)
        text = rf"\begin{{cases}} {then} & {relation} \\ {otherwise} & {rest} \end{{cases}}"
        return Piece(text, Level.CLOSED)

    # Derivatives

    def _deriv(self, term: Deriv) -> Piece:
        by = self.text(term.by)
        operand = self.piece(term.of)
        held = self.closed(operand) if isinstance(term.of, Name | Call) else None
        held = held or self.bracketed(operand.text, short=operand.level <= Level.CLOSED)
        if not self._is_number(term.by):
            way = self.style.pick("gradient")
            if way.startswith((r"\nabla", r"\grad")):
                below = by if len(by) == 1 and way == r"\nabla_x f" else f"{{{by}}}"
                return Piece(f"{way.partition('_')[0]}_{below} {held}", Level.OPEN)
        else:
            plain = isinstance(term.by, Name)
            among = tuple(w for w in _DERIVATIVES if plain or "d" not in w.replace("partial", ""))
            way = self.style.pick("derivative", among)
        match way:
            case r"\frac{\partial f}{\partial x}":
                return Piece(rf"\frac{{\partial {held}}}{{\partial {by}}}", Level.CLOSED)
            case r"\frac{df}{dx}":
                return Piece(rf"\frac{{d {held}}}{{d {by}}}", Level.CLOSED)
            case r"\partial f / \partial x":
                return Piece(rf"\partial {held} / \partial {by}", Level.LOOSE)
            case r"\frac{d}{dx} f":
                return Piece(rf"\frac{{d}}{{d {by}}} {held}", Level.OPEN)
            case r"\frac{\delta f}{\delta x}":
                return Piece(rf"\frac{{\delta {held}}}{{\delta {by}}}", Level.CLOSED)
            case r"\frac{\delta}{\delta x} f":
                return Piece(rf"\frac{{\delta}}{{\delta {by}}} {held}", Level.OPEN)
            case r"\pdv{f}{x}":
                return Piece(rf"\pdv{{{held}}}{{{by}}}", Level.CLOSED)
            case r"\partial_x f":
                return Piece(rf"\partial_{{{by}}} {held}", Level.OPEN)
            case r"\frac{\text{d}}{\text{d} x} f":
                return Piece(rf"\frac{{\text{{d}}}}{{\text{{d}} {by}}} {held}", Level.OPEN)
            case r"\frac{\mathrm{d}}{\mathrm{d} x} f":
                sign = r"\frac{\mathrm{d}}{\mathrm{d} " + by + "}"
                return Piece(f"{sign} {held}", Level.OPEN)
        return Piece(rf"\frac{{\partial}}{{\partial {by}}} {held}", Level.OPEN)

    def _is_number(self, by: Term) -> bool:
        if isinstance(by, Name):
            binding = self.env.get(by.name)
            declaration = binding.declaration if isinstance(binding, Cell) else None
            return declaration is None or isinstance(declaration, Scalar)
        return isinstance(by, Entry)


_DERIVATIVES = (
    r"\frac{\partial}{\partial x} f",
    r"\frac{\partial f}{\partial x}",
    r"\frac{d}{dx} f",
    r"\frac{df}{dx}",
    r"\frac{\mathrm{d}}{\mathrm{d} x} f",
    r"\partial f / \partial x",
    r"\frac{\text{d}}{\text{d} x} f",
    r"\frac{\delta f}{\delta x}",
    r"\pdv{f}{x}",
    r"\partial_x f",
)
_WAYS: dict[type, Callable[[Writer, Any], Piece]] = {
    Num: Writer._num,
    Name: Writer._name,
    Entry: Writer._entry,
    Picked: Writer._picked,
    Sum: Writer._sum,
    Prod: Writer._prod,
    Card: Writer._card,
    Indicator: Writer._indicator,
    Holds: Writer._holds,
    Either: Writer._either,
    Add: Writer._add,
    Neg: Writer._neg,
    Mul: Writer._mul,
    Div: Writer._div,
    Pow: Writer._pow,
    Apply: Writer._apply,
    Call: Writer._call,
    Prime: Writer._prime,
    Matmul: Writer._matmul,
    Transpose: Writer._transpose,
    Dot: Writer._dot,
    NormSquared: Writer._norm,
    Odot: Writer._odot,
    Trace: Writer._trace,
    Det: Writer._det,
    Inv: Writer._inv,
    Unit: Writer._unit,
    Deriv: Writer._deriv,
}
_BRACKETS = {
    "()": ("(", ")"),
    "[]": ("[", "]"),
    r"\{\}": (r"\{", r"\}"),
    r"\left(\right)": (r"\left(", r"\right)"),
    r"\left[\right]": (r"\left[", r"\right]"),
    r"\bigl(\bigr)": (r"\bigl(", r"\bigr)"),
    r"\Big(\Big)": (r"\Big(", r"\Big)"),
    r"\langle\rangle": (r"\langle ", r" \rangle"),
    r"\left\langle\right\rangle": (r"\left\langle ", r" \right\rangle"),
}


def _first(letter: str, comparison: Comparison) -> Comparison:
    """The comparison with the letter that is summed over on its left."""
    if letter_in(comparison.left) == letter or letter_in(comparison.right) != letter:
        return comparison
    turned = {"<": ">", "<=": ">="}.get(comparison.sign, comparison.sign)
    return Comparison(comparison.right, turned, comparison.left)


def _seems_to_reach(part: Term, after: Sequence[Term]) -> bool:
    """Whether a letter of the terms behind is that of a sum, which people read to go on there."""
    bound = {each.letter for _, each in subterms(part) if isinstance(each, Sum)}
    return any(bound & free_names(each) for each in after)


def _tells_apart(term: Sum, other: str) -> bool:
    """Whether the one condition of a sum is that its letter is not the other one."""
    if len(term.conditions) != 1:
        return False
    first = _first(term.letter, term.conditions[0])
    return (first.left, first.sign, first.right) == (Letter(term.letter), "!=", Letter(other))


def _around(brackets: str, text: str) -> str:
    opening, closing = _BRACKETS[brackets]
    return f"{opening}{text}{closing}"
