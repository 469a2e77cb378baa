"""LaTeX commands: tables of them by what they are to the reader, and macro expansion.

Macros expand as TeX has it, within bounds; some of them open or close a display.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from derivations.language.functions import ELEMENTARY
from derivations.reader.source import (
    MOST_EXPANDED,
    MOST_EXPANSIONS,
    MOST_MACROS,
    MOST_MACROS_DEEP,
    Made,
    Span,
    Unreadable,
    origin,
)


def words_in(text: str) -> frozenset[str]:
    return frozenset(text.split())


GREEK = words_in(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi "
    "pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta "
    "Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell"
)
FUNCTIONS = frozenset({*ELEMENTARY, "max", "min"})
# two names of one function
ONE_NAME = {"ln": "log"}
# words with other signs in them that name a function
SPELLED = {
    **dict.fromkeys((r"log\_softmax", "log_softmax", "log-softmax", "log softmax"), "logsoftmax"),
    **dict.fromkeys((r"log\_sum\_exp", "log-sum-exp", "log sum exp"), "logsumexp"),
}
# those whose letters are not read as a product where another letter follows: logx
GLUED = frozenset({"exp", "log", "ln"})
# functions that are often written without a backslash
BARE = GLUED | {"softmax", "sigmoid"}
# those that are read so only where a bracket follows
CALLED = words_in("max min tanh sqrt ReLU relu diag")
# functions of a matrix, and what each is called here
MATRIX_FUNCTIONS = {
    **dict.fromkeys(("tr", "Tr", "trace", "Trace"), "tr"),
    **dict.fromkeys(("det", "Det"), "det"),
    "logdet": "logdet",
    "adj": "adj",
    "inv": "inv",
}
# those of a vector as well, which are words in upright letters
ARRAY_FUNCTIONS = {
    **MATRIX_FUNCTIONS,
    **{name: name for name in ("sum", "norm1", "norm2", "vector")},
}
# the diagonal matrix of a vector, and the diagonal of a matrix
DIAGONAL = ("diag", "Diag")
# functions that are words, and need no declaration
WORD_FUNCTIONS = frozenset({"softmax", *ARRAY_FUNCTIONS})
# those of a matrix that are read so, where a bracket follows and not all letters are declared
CALLED_MATRIX_FUNCTIONS = words_in("tr Tr trace Trace det logdet")
# words that name a function wherever brackets follow them, and no product of letters
NAMES_OF_FUNCTIONS = words_in(
    "tr Tr trace Trace diag Diag det rank vec sign sgn sqrt tanh sinh cosh sin cos tan ReLU relu "
    "max min argmax argmin softplus dim Var Cov Pr prod sum mean norm"
)
# commands that say too little: what is asked, and what would settle it
REFUSED = {"lg": ("a logarithm to which base?", r"write \log for the natural one")}
# commands that only change how their argument looks
MARKUP = words_in(
    "mathbf boldsymbol bold bm pmb mathcal mathscr mathsf mathit mathnormal vec bf it rm limits "
    "nolimits displaylimits displaystyle textstyle scriptstyle scriptscriptstyle mathbin mathord "
    "mathop mathrel mathopen mathclose mathpunct mathinner small large normalsize footnotesize"
)
CALLIGRAPHIC = frozenset({"mathcal", "mathscr"})
# around a 1 they make an indicator
BOLD = frozenset({"mathbf", "boldsymbol", "bold", "bm", "bf", "textbf", "vec"})
# brackets of every size
SIZING = words_in(
    "left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm"
)
UPRIGHT = frozenset({"mathrm", "operatorname", "text", "textrm", "textit", "textbf", "mbox"})
# those that may hold a remark in words
TEXTS = frozenset({"text", "textrm", "textit", "textbf", "mbox"})
# names of one set, whichever of them is declared
VOCABULARY = frozenset({"Vocab", "vocab", "Vocabulary", "vocabulary", "voc", "V", r"\mathcal{V}"})
BLACKBOARD = frozenset({"mathbb", "mathds", "mathbbm"})
ACCENTS = frozenset({"hat", "widehat", "bar", "overline", "tilde", "widetilde", "dot", "ddot"})
FRACTIONS = frozenset({"frac", "tfrac", "dfrac", "cfrac", "nicefrac", "sfrac"})
SPACES = frozenset({",", ";", ":", "!", " ", ">", "enspace", "thinspace"})
GAPS = frozenset({"quad", "qquad", "hfill"})
# commands with one argument that say nothing about the mathematics
LABELS = frozenset({"tag", "label"})
SILENT = words_in(
    "nonumber notag hline allowbreak nobreak strut mathstrut relax displaybreak pagebreak newpage "
    "allowdisplaybreaks IEEEyesnumber IEEEnonumber"
)
# boxes with text in them, where formulas stand between dollars
BOXES = frozenset({"fbox"})
# frames, strokes and braces around an argument that is printed as it is; behind those of the
# second kind stands a label
FRAMES = words_in("boxed fbox bbox cancel bcancel xcancel smash mathclap mathrlap mathllap")
BRACES = words_in("underbrace overbrace underbracket overbracket")
# commands whose argument is not seen
UNSEEN = words_in(
    "phantom hphantom vphantom color textcolor colorbox enclose vspace raisetag stepcounter"
)
# and those with two
UNSEEN_PAIRS = words_in("addtocounter setcounter addtolength setlength")
SPACED = frozenset({"hspace", "hspace*"})
# commands that print their first argument above or below the second one
STACKED = words_in("overset underset stackrel")
# signs of equality with something above them
LABELLED = words_in("xlongequal xlongequals xequal")
# signs that end a proof; between steps of a proof; and between what follows from one another
PROVED = words_in("square Box blacksquare qed qedsymbol qedhere lozenge blacklozenge")
INFERENCES = frozenset({"therefore", "because"})
IMPLICATIONS = words_in(
    "Rightarrow Longrightarrow implies Leftarrow Longleftarrow impliedby iff Leftrightarrow "
    "Longleftrightarrow leftrightarrow longleftrightarrow"
)
# equalities that define their left side
DEFINING = words_in("doteq triangleq coloneqq coloneq eqdef")
DETERMINANT = "vmatrix"
MATRICES = words_in("pmatrix bmatrix matrix smallmatrix") | {DETERMINANT}
CASES = words_in("cases dcases cases* dcases*")
ALIGNED = words_in(
    "split aligned align align* equation equation* gather gather* gathered multline multline* "
    "multlined alignedat alignat alignat* flalign flalign* eqnarray eqnarray* displaymath dmath "
    "dmath* IEEEeqnarray IEEEeqnarray* array subarray"
)
# those with an argument that says nothing about the mathematics
WITH_COLUMNS = words_in("array subarray alignedat alignat alignat* IEEEeqnarray IEEEeqnarray*")
# words that begin a condition, inside \text{...}
CONDITION_WORDS = frozenset({"if", "for", "when", "where", "with", "and"})
# and words that may stand beside these: \text{for all}
QUANTIFYING_WORDS = frozenset({"all", "any", "every", "each"})
# words of conditions that have to be understood, lest a line be called wrong
RESTRICTING_WORDS = words_in("if for when whenever where with unless provided otherwise else in")
OTHERWISE = frozenset({"otherwise", "else"})
# words and signs between what a sum runs over and its conditions, and what they are short for
BELOW = {
    **dict.fromkeys(
        ("s.t.", "s.t", "st", "such that", "with", "where", "if", "for which"), "COLON"
    ),
    **dict.fromkeys(("and", "land", "wedge"), "COMMA"),
}
# words between equalities of which each is claimed
CONNECTING_WORDS = words_in("and so then thus hence therefore i.e. that we which gives with")
# words between an equality and what it is claimed under
REASON_WORDS = words_in("where since because as with using by")
SUPPOSING_WORDS = words_in("let suppose assume assuming given set setting say")
# words of a sentence of the text that supposes something for what comes after it
LASTING_WORDS = SUPPOSING_WORDS | words_in(
    "supposing letting take taking fix fixing choose choosing put putting consider considering "
    "plugging substituting recall assumption constraint subject define defined denote denoted "
    "normalise normalised normalize normalized such require"
)
# words that say so of what is named before them, unless it follows from something
SATISFYING_WORDS = words_in("satisfy satisfies satisfying obeys fulfils fulfilling solves")
# words of a sentence that says what is to be shown
CLAIMING_WORDS = words_in("show shows showing prove proves proving verify verifies claim")
# words behind which a sentence that supposes something says what is true of it
CONCLUDING_WORDS = words_in(
    "then so hence thus therefore have has get gets gives yields follows implies holds note notice "
    "observe see show shows becomes compute"
)
# words that begin what a sentence says of the display right before them
BESIDE_WORDS = words_in(
    "where with when whenever if for at as since because given assuming provided"
)
# a single one of these in \text{...} is a remark and no name
REMARKING_WORDS = (
    (RESTRICTING_WORDS | CONNECTING_WORDS | CONDITION_WORDS | SUPPOSING_WORDS)
    - {"in", "we", "given", "set", "say"}
) | words_in("or since because by using via is")
# words that are often written without \text, behind a wide space, an & or a comma
BARE_WORDS = ("otherwise", "else", "for", "if", "when", "where", "and")
# commands that are LaTeX and not read: none of them is a slip of the pen for another one
CORRECT = words_in(
    "int iint oint lim sup inf arg argmin argmax dim ker "
    "cot sec csc coth lg gcd Pr deg hom binom dbinom tbinom choose "
    "infty pm mp cup cap subset subseteq supset supseteq emptyset varnothing wedge vee "
    "neg lnot exists nexists otimes oplus bigotimes bigoplus bigcup bigcap coprod star bullet "
    "dagger dag perp parallel angle triangle circ div cong simeq asymp doteq ll gg "
    "mapsto uparrow downarrow longmapsto hookrightarrow rightleftharpoons "
    "lfloor rfloor lceil rceil check dot ddot breve acute grave mathring vec overrightarrow "
    "cancelto sout underline overbar hslash hbar Re Im wp aleph imath jmath mathfrak mathscr "
    "buildrel xrightarrow xleftarrow xmapsto texttt textsc textsf emph ensuremath footnote "
    "raisebox scalebox rule kern mkern mskip bmod pmod mod land lor bot vdash models liminf "
    "limsup overrightarrow overleftarrow underset sideset genfrac stackrel ulcorner urcorner "
    "eth atop above over brace brack sqcup cdotp ldotp aleph ref eqref cite"
)

# a command or a character, and the token it is
TOKENS = {
    "sum": "SUM",
    "prod": "PROD",
    "partial": "PARTIAL",
    "nabla": "NABLA",
    "grad": "NABLA",
    "gradient": "NABLA",
    "sqrt": "ROOT",
    "dv": "DERIVATIVE",
    "odv": "DERIVATIVE",
    "pdv": "DERIVATIVE",
    "derivative": "DERIVATIVE",
    "pderivative": "DERIVATIVE",
    "partialderivative": "DERIVATIVE",
    "top": "TOP",
    "intercal": "TOP",
    "prime": "PRIME",
    "substack": "SUBSTACK",
    "newline": "BREAK",
    "cr": "BREAK",
    "cdot": "CDOT",
    "times": "TIMES",
    "ast": "TIMES",
    "star": "TIMES",
    "atop": "COMMA",
    "odot": "ODOT",
    "circ": "ODOT",
    "oslash": "OSLASH",
    "dots": "DOTS",
    "ldots": "DOTS",
    "cdots": "DOTS",
    "dotsc": "DOTS",
    "dotsb": "DOTS",
    "ddots": "DOTS",
    "vdots": "DOTS",
    "mid": "VERT",
    "given": "VERT",
    "vert": "BAR",
    "lvert": "LBAR",
    "rvert": "RBAR",
    "lVert": "LNORM",
    "rVert": "RNORM",
    "|": "NORM",
    "Vert": "NORM",
    "langle": "LANGLE",
    "rangle": "RANGLE",
    "{": "LSET",
    "}": "RSET",
    "lbrace": "LSET",
    "rbrace": "RSET",
    "\\": "BREAK",
    "colon": "COLON",
    "lparen": "LPAR",
    "rparen": "RPAR",
    "lbrack": "LSQB",
    "rbrack": "RSQB",
}
RELATIONS = {
    "=": "=",
    "<": "<",
    ">": ">",
    "ne": r"\ne",
    "neq": r"\ne",
    "le": r"\le",
    "leq": r"\le",
    "leqslant": r"\le",
    "ge": r"\ge",
    "geq": r"\ge",
    "geqslant": r"\ge",
    "lt": "<",
    "gt": ">",
    **{name: rf"\{name}" for name in ("succ", "succeq", "prec", "preceq")},
    "in": r"\in",
    "isin": r"\in",
    "notin": r"\notin",
    "setminus": r"\setminus",
    "backslash": r"\setminus",
    "equiv": r"\equiv",
    "approx": r"\approx",
    "propto": r"\propto",
    "sim": r"\sim",
    "leftarrow": r"\leftarrow",
    "gets": r"\leftarrow",
    "longleftarrow": r"\leftarrow",
    "←": r"\leftarrow",
    "to": r"\to",
    "rightarrow": r"\to",
    "longrightarrow": r"\to",
    "≠": r"\ne",
    "≤": r"\le",
    "≥": r"\ge",
    "∈": r"\in",
    "∉": r"\notin",
    "\N{SET MINUS}": r"\setminus",
}
CHARACTERS = {
    "!": "FACTORIAL",
    "+": "PLUS",
    "-": "MINUS",
    "−": "MINUS",
    "/": "SLASH",
    "*": "TIMES",
    "·": "CDOT",
    "⋅": "CDOT",
    "×": "TIMES",
    "⊙": "ODOT",
    "⊘": "OSLASH",
    "\N{DOWN TACK}": "TOP",
    "∑": "SUM",
    "∏": "PROD",
    "∂": "PARTIAL",
    "∇": "NABLA",
    "∣": "VERT",
    "∴": "THEREFORE",
    "∵": "THEREFORE",
    "⇒": "IMPLIES",
    "⟹": "IMPLIES",
    "⇔": "IMPLIES",
    "⟺": "IMPLIES",
    "⇐": "IMPLIES",
    "□": "QED",
    "■": "QED",
    "∎": "QED",
    "⟨": "LANGLE",
    "⟩": "RANGLE",
    "‖": "NORM",
    "_": "SUB",
    "^": "SUP",
    "'": "PRIME",
    "′": "PRIME",
    "(": "LPAR",
    ")": "RPAR",
    "[": "LSQB",
    "]": "RSQB",
    "{": "LBRACE",
    "}": "RBRACE",
    "&": "AMP",
    ",": "COMMA",
    ";": "SEMI",
    ":": "COLON",
    "|": "BAR",
    ".": "DOT",
    "…": "DOTS",
}
# environments that display formulas, and whether an argument for the columns follows
ENVIRONMENTS = {
    **dict.fromkeys(sorted(ALIGNED - {"array", "subarray"}), False),
    **dict.fromkeys(("displaymath", "math", "flalign", "flalign*", "dmath", "dmath*"), False),
    **dict.fromkeys(("alignedat", "alignat", "alignat*", "IEEEeqnarray", "IEEEeqnarray*"), True),
}
# what the first word of a block of declarations may be, in small letters
GIVEN_WORDS = frozenset({"given", "{given}", "{.given}", "{given"})
# words behind which a formula in the text is an assumption or a definition, not a claim
ASSUMING_WORDS = words_in(
    "if when where whenever for let assume assuming suppose supposing given with set setting "
    "define defined defining denote denoted denotes write provided unless taking take say such"
)
# words of a heading behind which its number stands
NUMBERED = words_in("exercise ex problem question part task subproblem subtask solution answer")
# a fenced block of these is a display
MATHEMATICS = frozenset({"math", "{math}"})
# words that a bullet begins with which may be a condition
CONDITIONAL = CONDITION_WORDS | words_in(
    "assume assumes assuming suppose supposing provided unless whenever let given as since only"
)


SPOILT = "\uffff"
FOR_THE_FILE = 20  # times what one use may cost
_TOKEN = re.compile(r"\\(?:[A-Za-z@]+\*?|.)|(?P<comment>%[^\n]*\n?[ \t]*)|[{}]", re.DOTALL)
_BLANK = re.compile(r"\s*")
_NAME = re.compile(r"\s*(?:\{\s*)?\\([A-Za-z@]+|.)(?:\s*\})?")
_COUNT = re.compile(r"\s*\[\s*(\d)\s*\]")
_PARAMETERS = re.compile(r"\s*((?:#\d\s*)*)(?=\{)")
_PARAMETER = re.compile(r"#(\d)")
_ENDS_IN_COMMAND = re.compile(r"\\[A-Za-z@]+\Z")
_OF_ENVIRONMENT = re.compile(r"\s*\{([^{}\n]{1,40})\}")
_ENVIRONMENTS = ("begin", "end")
CONSTANT = frozenset({r"\iftrue", r"\iffalse"})


@dataclass(frozen=True)
class Macro:
    """How many arguments it takes, what the first one is if it is left out, and what it writes.

    What is ``final`` is not looked through again: a command as it was before it became a macro.
    ``refused`` is why a use of it is not read.
    """

    parameters: int
    body: str
    default: str | None = None
    final: bool = False
    refused: str = ""


@dataclass(frozen=True)
class Frame:
    """Text that is still to be looked through, written by so many macros within one another."""

    span: Span
    deep: int = 0


@dataclass
class Spent:
    """What macros have cost: uses and characters, of the outermost use and of the whole file."""

    uses: int = 0
    written: int = 0
    all_uses: int = 0
    all_written: int = 0

    def add(self, *, uses: int = 0, written: int = 0) -> None:
        """Some more."""
        self.uses, self.written = self.uses + uses, self.written + written
        self.all_uses, self.all_written = self.all_uses + uses, self.all_written + written

    @property
    def excess(self) -> str:
        """What is too much, if anything is."""
        if self.uses > MOST_EXPANSIONS or self.written > MOST_EXPANDED:
            return "a macro that writes too much"
        most = FOR_THE_FILE * MOST_EXPANSIONS, FOR_THE_FILE * MOST_EXPANDED
        if self.all_uses > most[0] or self.all_written > most[1]:
            return "macros of this file that write too much in all"
        return ""


@dataclass
class Macros:
    """The macros of a file; ``spoilt`` is why uses were given up, by their offsets."""

    known: dict[str, Macro] = field(default_factory=dict)
    spoilt: dict[int, Unreadable] = field(default_factory=dict)
    spent: Spent = field(default_factory=lambda: Spent())
    has_environments: bool = False

    def expanded(self, span: Span) -> Span:
        """A piece of text with its macros written out, without what defines some."""
        text = span.text
        if not self.known and not DEFINES.search(text):
            return span
        own = frozenset(_ENVIRONMENTS) if self.has_environments else frozenset[str]()
        if not any(n in MACRO_DEFINITIONS or n in self.known or n in own for n in _commands(text)):
            return span
        return Expansion(self, span).whole()


def _commands(text: str) -> Iterator[str]:
    return (found[1] for found in re.finditer(r"\\([A-Za-z@]+)", text))


class Expansion:
    """Writes a text out, command by command; ``handlers`` are of commands that ask for more."""

    def __init__(
        self,
        macros: Macros,
        span: Span,
        handlers: Mapping[str, Callable[[Span, int], None]] | None = None,
    ) -> None:
        self.macros, self.first = macros, span
        self.handlers = dict(handlers or {})
        self.frames = [Frame(span)]
        self.made = Made(span.source)
        self.missing: set[str] = set()  # ends of environments that were looked for in vain
        self.undo: list[list[tuple[str, Macro | None]]] = []

    def whole(self) -> Span:
        """All of the text."""
        while self.frames:
            frame = self.frames.pop()
            span = frame.span
            found = _TOKEN.search(span.source.text, span.start, span.end)
            if found is None:
                self.write(span)
                continue
            self.write(Span(span.source, span.start, found.start()))
            token = Span(span.source, found.start(), found.end())
            self._rest(found.end(), frame)
            if found["comment"]:
                self.comment(token)
            else:
                self.token(found.group(), token, frame)
        return self.made.source(Span(self.first.source, self.first.end, self.first.end)).whole

    def _rest(self, start: int, frame: Frame) -> None:
        if start < frame.span.end:
            self.frames.append(Frame(Span(frame.span.source, start, frame.span.end), frame.deep))

    def token(self, text: str, token: Span, frame: Frame) -> None:
        """Braces and commands, each as what it is."""
        name = text[1:]
        if name.endswith("*") and name not in {
            *self.handlers,
            *MACRO_DEFINITIONS,
            *self.macros.known,
        }:
            name = name[:-1]
            self.frames.append(Frame(token.part(len(text) - 1, len(text)), frame.deep))
            token = token.part(0, len(text) - 1)
        if text in ("{", "}"):
            self.group(opens=text == "{")
            self.write(token)
        elif name in MACRO_DEFINITIONS:
            if not MACRO_DEFINITIONS[name](self, token, frame.deep):
                self.spoil(token, "a definition that is not understood", ADVICE)
        elif name in self.macros.known:
            self._use(self.macros.known[name], token, frame.deep)
        elif name in _ENVIRONMENTS and (macro := self._own_environment(name)):
            self._use(macro, token, frame.deep)
        elif name in self.handlers:
            self.handlers[name](token, frame.deep)
        else:
            self.other(name, token, frame.deep)

    def _own_environment(self, name: str) -> Macro | None:
        """The macro that begins or ends an environment of the author's, its name taken."""
        span = self.frames[-1].span if self.frames else None
        found = _OF_ENVIRONMENT.match(span.source.text, span.start, span.end) if span else None
        macro = self.macros.known.get(f"{name}{{{found[1]}}}") if found else None
        if macro is not None and found is not None:
            self.advance(found.end())
            self.group(opens=name == "begin")
        return macro

    def other(self, name: str, token: Span, deep: int) -> None:
        """A command that is no macro and has no handler."""
        self.write(token)

    def write(self, what: Span) -> None:
        """Text as it stands there."""
        self.made.add(what)

    def comment(self, token: Span) -> None:
        """What stands behind a percent sign is left for others to see."""
        self.write(token)

    def group(self, *, opens: bool) -> None:
        """Definitions within a group end with it; here they do not."""

    def spoil(self, at: Span, what: str, advice: str) -> None:
        """Leave a mark that no formula is read with."""
        problem = Unreadable(at.place, at.text, what, advice)
        self.macros.spoilt.setdefault(origin(at), problem)
        self.made.add(SPOILT, at)
        self.made.add(at)

    def _use(self, macro: Macro, token: Span, deep: int) -> None:
        spent = self.macros.spent
        if deep == 0:
            spent.uses = spent.written = 0
        spent.add(uses=1, written=len(macro.body))
        excess = "a macro that calls itself" if deep >= MOST_MACROS_DEEP else spent.excess
        if excess:
            self._give_up(token, excess)
            return
        if macro.refused:
            self.spoil(token, macro.refused, "write out what is meant")
            return
        if macro.final:
            self.made.add(f"{macro.body} ", token)
            return
        arguments: list[Span] = []
        if macro.default is not None:
            given = self.bracketed()
            if given is None:
                made = Made(token.source)
                made.add(macro.default, token)
                given = made.source(token).whole
            arguments.append(given)
        while len(arguments) < macro.parameters:
            argument = self.argument()
            if argument is None:
                self.spoil(token, "an argument of this macro is missing", "put it in braces")
                return
            arguments.append(argument)
        made, start = Made(token.source), 0
        for found in _PARAMETER.finditer(macro.body):
            number = int(found[1])
            _apart(made, macro.body[start : found.start()], token)
            start = found.end()
            if 0 < number <= len(arguments):
                spent.add(written=arguments[number - 1].end - arguments[number - 1].start)
                if spent.excess:
                    self._give_up(token, spent.excess)
                    return
                _apart(made, arguments[number - 1], token)
        _apart(made, macro.body[start:], token)
        if _ENDS_IN_COMMAND.search(macro.body):
            made.add(" ", token)  # it ends there, whatever letter comes next
        self.frames.append(Frame(made.source(token).whole, deep + 1))

    def _give_up(self, token: Span, what: str) -> None:
        while self.frames and self.frames[-1].deep:
            self.frames.pop()
        self.spoil(token, what, "write out what is meant")

    def define(self, name: str, macro: Macro) -> None:
        """From now on a command is this macro."""
        if len(self.macros.known) < MOST_MACROS or name in self.macros.known:
            if self.undo:
                self.undo[-1].append((name, self.macros.known.get(name)))
            self.macros.known[name] = macro

    def argument(self) -> Span | None:
        """The next argument: what stands in braces, or one sign; None where there is none."""
        while True:
            span = self._skip(_BLANK)
            if span is None:
                return None
            text = span.source.text
            if text[span.start] != "{":
                found = _TOKEN.match(text, span.start, span.end)
                end = found.end() if found else span.start + 1
                self.advance(end)
                return Span(span.source, span.start, end)
            closing = span.source.braces.get(span.start, span.end)
            if closing < span.end:
                self.advance(closing + 1)
                return Span(span.source, span.start + 1, closing)
            if not self._merge():
                return None

    def bracketed(self) -> Span | None:
        """An argument in square brackets that comes next, where there is one."""
        span = self._skip(_BLANK)
        if span is None or span.source.text[span.start] != "[":
            return None
        if "]" in self.missing and span.source is self.first.source:
            return None
        end = span.source.text.find("]", span.start, span.end)
        if end < 0:
            if span.source is self.first.source:
                self.missing.add("]")
            return None
        self.advance(end + 1)
        return Span(span.source, span.start + 1, end)

    def next(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What matches a pattern here, taken."""
        if not self.frames:
            return None
        span = self.frames[-1].span
        found = pattern.match(span.source.text, span.start, span.end)
        if found is not None:
            self.advance(found.end())
        return found

    def until(self, text: str) -> Span | None:
        """What stands before some text, both taken; None where it does not come."""
        if not self.frames or text in self.missing:
            return None
        span = self.frames[-1].span
        end = span.source.text.find(text, span.start, span.end)
        if end < 0:
            self.missing.add(text)
            return None
        self.advance(end + len(text))
        return Span(span.source, span.start, end)

    def _skip(self, blank: re.Pattern[str]) -> Span | None:
        """What comes behind blanks; None at the end."""
        while self.frames:
            span = self.frames[-1].span
            found = blank.match(span.source.text, span.start, span.end)
            at = found.end() if found else span.start
            if at < span.end:
                self.advance(at)
                return self.frames[-1].span
            self.frames.pop()
        return None

    def advance(self, start: int) -> None:
        """Take what stands before an offset of what comes next."""
        frame = self.frames.pop()
        self.frames.append(Frame(Span(frame.span.source, start, frame.span.end), frame.deep))

    def _merge(self) -> bool:
        """Make one frame of two, as what was written ends within an argument."""
        if len(self.frames) < 2 or self.macros.spent.excess:
            return False
        top, below = self.frames.pop(), self.frames.pop()
        made = Made(top.span.source)
        made.add(top.span)
        made.add(below.span)
        self.macros.spent.add(written=made.length)
        last = Span(below.span.source, below.span.end, below.span.end)
        deep = max(top.deep, below.deep) if below.deep else 0
        self.frames.append(Frame(made.source(last).whole, deep))
        return True


def _apart(made: Made, what: Span | str, token: Span) -> None:
    """Add a piece; a command ends where what a macro writes does, whatever letter comes next."""
    text = what if isinstance(what, str) else what.text
    if text[:1].isalpha() and made.pieces and _ENDS_IN_COMMAND.search(made.pieces[-1]):
        made.add(" ", token)
    if text:
        made.add(what, token)


ADVICE = r"\newcommand{\name}[1]{... #1 ...} is"


def _newcommand(to: Expansion, token: Span, deep: int, *, keeps: bool = False) -> bool:
    name = to.next(_NAME)
    count = to.next(_COUNT) if name else None
    default = to.bracketed() if count else None
    body = to.argument() if name else None
    if name is None or body is None:
        return False
    if not (keeps and name[1] in to.macros.known):
        parameters = int(count[1]) if count else 0
        to.define(name[1], Macro(parameters, body.text, default.text if default else None))
    return True


def _providecommand(to: Expansion, token: Span, deep: int) -> bool:
    return _newcommand(to, token, deep, keeps=True)


def _def(to: Expansion, token: Span, deep: int) -> bool:
    name = to.next(_NAME)
    parameters = to.next(_PARAMETERS) if name else None
    body = to.argument() if parameters else None
    if name is None or parameters is None or body is None:
        return False
    to.define(name[1], Macro(parameters[1].count("#"), body.text))
    return True


def _let(to: Expansion, token: Span, deep: int) -> bool:
    name = to.next(_NAME)
    to.next(re.compile(r"\s*="))
    other = to.argument() if name else None
    if name is None or other is None:
        return False
    final = other.text not in CONSTANT
    to.define(name[1], to.macros.known.get(other.text[1:], Macro(0, other.text, final=final)))
    return True


def _newif(to: Expansion, token: Span, deep: int) -> bool:
    """A switch, and the commands that turn it; as in TeX, it is one of two commands."""
    name = to.next(_NAME)
    if name is None or not name[1].startswith("if"):
        return False
    to.define(name[1], Macro(0, r"\iffalse"))
    for way in ("true", "false"):
        to.define(f"{name[1][2:]}{way}", Macro(0, rf"\def\{name[1]}{{\if{way}}}"))
    return True


def _operator(to: Expansion, token: Span, deep: int) -> bool:
    name = to.next(_NAME)
    body = to.argument() if name else None
    if name is None or body is None:
        return False
    to.define(name[1], Macro(0, rf"\operatorname{{{body.text}}}"))
    return True


def _delimiter(to: Expansion, token: Span, deep: int) -> bool:
    name = to.next(_NAME)
    left, right = (to.argument(), to.argument()) if name else (None, None)
    if name is None or left is None or right is None:
        return False
    _delimited(to, name[1], 1, f"{left.text} #1{right.text} ")
    return True


def _delimiter_with_body(to: Expansion, token: Span, deep: int) -> bool:
    name = to.next(_NAME)
    count = to.next(_COUNT) if name else None
    parts = [to.argument() for _ in range(3)] if count else []
    if name is None or count is None:
        return False
    texts = [each.text for each in parts if each is not None]
    if len(texts) < 3:
        return False
    left, right, body = texts
    body = body.replace(r"\delimsize", "")
    _delimited(to, name[1], int(count[1]), f"{left} {body}{right} ")
    return True


def _delimited(to: Expansion, name: str, count: int, body: str) -> None:
    """Brackets around arguments; their size may be given, and says nothing."""
    to.define(f"{name}*", Macro(count, body))
    moved = _PARAMETER.sub(lambda found: f"#{int(found[1]) + 1}", body)
    to.define(name, Macro(count + 1, moved, default=""))


def _environment(to: Expansion, token: Span, deep: int) -> bool:
    name = to.argument()
    count = to.next(_COUNT) if name else None
    default = to.bracketed() if count else None
    begins, ends = (to.argument(), to.argument()) if name else (None, None)
    if name is None or begins is None or ends is None:
        return False
    parameters = int(count[1]) if count else 0
    text = default.text if default else None
    to.macros.has_environments = True
    to.define(f"begin{{{name.text}}}", Macro(parameters, begins.text, text))
    to.define(f"end{{{name.text}}}", Macro(0, ends.text))
    return True


# the commands that define others, and what reads the definition; False where it is not understood
MACRO_DEFINITIONS: dict[str, Callable[[Expansion, Span, int], bool]] = {
    "newcommand": _newcommand,
    "newcommand*": _newcommand,
    "renewcommand": _newcommand,
    "renewcommand*": _newcommand,
    "DeclareRobustCommand": _newcommand,
    "providecommand": _providecommand,
    "providecommand*": _providecommand,
    "def": _def,
    "gdef": _def,
    "edef": _def,
    "let": _let,
    "DeclareMathOperator": _operator,
    "DeclareMathOperator*": _operator,
    "DeclarePairedDelimiter": _delimiter,
    "DeclarePairedDelimiterX": _delimiter_with_body,
    "newif": _newif,
    "newenvironment": _environment,
    "newenvironment*": _environment,
    "renewenvironment": _environment,
    "renewenvironment*": _environment,
}
DEFINES = re.compile("|".join(re.escape(f"\\{name}") for name in sorted(MACRO_DEFINITIONS)))


# Macros that begin or end a display, as ``\newcommand{\be}{\begin{equation}}``, in Markdown.
#
# They are written out before the text is divided, so that the displays are there to be found; what
# defines them is emptied. All other macros are left for where they are used.


_NAMES = "|".join(map(re.escape, sorted(ENVIRONMENTS)))
_OPENS = re.compile(rf"\\(?:begin|end)\s*\{{(?:{_NAMES})\}}|\$\$|\\\[|\\\]")


def with_openings(span: Span, macros: Macros) -> Span:
    """A text in which such macros are written out; ``macros`` are those known so far."""
    text = span.text
    if not macros.known and not ("\\" in text and _OPENS.search(text)):
        return span
    if not macros.known and not any(f"\\{name}" in text for name in MACRO_DEFINITIONS):
        return span
    return _Openings(macros, span).whole()


class _Openings(Expansion):
    """Knows no macros but these."""

    def __init__(self, macros: Macros, span: Span) -> None:
        super().__init__(macros, span)
        self.opens = False
        self.before: dict[str, Macro | None] = {}

    def define(self, name: str, macro: Macro) -> None:
        """One that opens nothing is forgotten again, unless its other half does."""
        self.before.setdefault(name, self.macros.known.get(name))
        self.opens = self.opens or _OPENS.search(macro.body) is not None
        super().define(name, macro)

    def token(self, text: str, token: Span, frame: Frame) -> None:
        """A definition is emptied where it is one of these, and left as it is elsewhere."""
        if text[1:].rstrip("*") not in MACRO_DEFINITIONS or frame.deep:
            super().token(text, token, frame)
            return
        self.opens, self.before = False, {}
        understood = MACRO_DEFINITIONS[text[1:].rstrip("*")](self, token, frame.deep)
        end = self.frames[-1].span.start if self.frames else frame.span.end
        if understood and self.opens:
            for name in self.before:
                empty = rf"\def\{name}{{}}" if name.isalpha() else ""
                self.made.add(empty, token)
            return
        for name, macro in self.before.items():
            self.macros.known.pop(name, None)
            if macro is not None:
                self.macros.known[name] = macro
        self.write(Span(token.source, token.start, end))
