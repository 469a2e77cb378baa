"""Tables of LaTeX commands, by what they are to the reader, and names of LaTeX as plain text.

Data: a synonym of a command is an entry here.
"""

from __future__ import annotations

import re
import unicodedata

from derivations.language.functions import ELEMENTARY

# The LaTeX commands that are known, by what they are to the reader. Data only.


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


GREEK = _words(
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
CALLED = _words("max min tanh sqrt ReLU relu diag")
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
CALLED_MATRIX_FUNCTIONS = _words("tr Tr trace Trace det logdet")
# words that name a function wherever brackets follow them, and no product of letters
NAMES_OF_FUNCTIONS = _words(
    "tr Tr trace Trace diag Diag det rank vec sign sgn sqrt tanh sinh cosh sin cos tan ReLU relu "
    "max min argmax argmin softplus dim Var Cov Pr prod sum mean norm"
)
# commands that say too little: what is asked, and what would settle it
REFUSED = {"lg": ("a logarithm to which base?", r"write \log for the natural one")}
# commands that only change how their argument looks
MARKUP = _words(
    "mathbf boldsymbol bold bm pmb mathcal mathscr mathsf mathit mathnormal vec bf it rm limits "
    "nolimits displaylimits displaystyle textstyle scriptstyle scriptscriptstyle mathbin mathord "
    "mathop mathrel mathopen mathclose mathpunct mathinner small large normalsize footnotesize"
)
# around a 1 they make an indicator
BOLD = frozenset({"mathbf", "boldsymbol", "bold", "bm", "bf", "textbf", "vec"})
# brackets of every size
SIZING = _words(
    "left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm"
)
UPRIGHT = frozenset({"mathrm", "operatorname", "text", "textrm", "textit", "textbf", "mbox"})
# those that may hold a remark in words
TEXTS = frozenset({"text", "textrm", "textit", "textbf", "mbox"})
# names of one set, whichever of them is declared
VOCABULARY = frozenset({"Vocab", "vocab", "Vocabulary", "vocabulary", "voc", "V"})
BLACKBOARD = frozenset({"mathbb", "mathds", "mathbbm"})
ACCENTS = frozenset({"hat", "widehat", "bar", "overline", "tilde", "widetilde", "dot"})
FRACTIONS = frozenset({"frac", "tfrac", "dfrac", "cfrac", "nicefrac", "sfrac"})
SPACES = frozenset({",", ";", ":", "!", " ", ">", "enspace", "thinspace"})
GAPS = frozenset({"quad", "qquad", "hfill"})
# commands with one argument that say nothing about the mathematics
LABELS = frozenset({"tag", "label"})
SILENT = _words(
    "nonumber notag hline allowbreak nobreak strut mathstrut relax displaybreak pagebreak newpage "
    "allowdisplaybreaks IEEEyesnumber IEEEnonumber"
)
# boxes with text in them, where formulas stand between dollars
BOXES = frozenset({"fbox"})
# frames, strokes and braces around an argument that is printed as it is; behind those of the
# second kind stands a label
FRAMES = _words("boxed fbox bbox cancel bcancel xcancel smash mathclap mathrlap mathllap")
BRACES = _words("underbrace overbrace underbracket overbracket")
# commands whose argument is not seen
UNSEEN = _words(
    "phantom hphantom vphantom color textcolor colorbox enclose vspace raisetag stepcounter"
)
# and those with two
UNSEEN_PAIRS = _words("addtocounter setcounter addtolength setlength")
SPACED = frozenset({"hspace", "hspace*"})
# commands that print their first argument above or below the second one
STACKED = _words("overset underset stackrel")
# signs of equality with something above them
LABELLED = _words("xlongequal xlongequals xequal")
# signs that end a proof; between steps of a proof; and between what follows from one another
PROVED = _words("square Box blacksquare qed qedsymbol qedhere lozenge blacklozenge")
INFERENCES = frozenset({"therefore", "because"})
IMPLICATIONS = _words(
    "Rightarrow Longrightarrow implies Leftarrow Longleftarrow impliedby iff Leftrightarrow "
    "Longleftrightarrow leftrightarrow longleftrightarrow"
)
# equalities that define their left side
DEFINING = _words("doteq triangleq coloneqq coloneq eqdef")
MATRICES = _words("pmatrix bmatrix matrix smallmatrix")
CASES = _words("cases dcases cases* dcases*")
ALIGNED = _words(
    "split aligned align align* equation equation* gather gather* gathered multline multline* "
    "multlined alignedat alignat alignat* flalign flalign* eqnarray eqnarray* displaymath dmath "
    "dmath* IEEEeqnarray IEEEeqnarray* array subarray"
)
# those with an argument that says nothing about the mathematics
WITH_COLUMNS = _words("array subarray alignedat alignat alignat* IEEEeqnarray IEEEeqnarray*")
# words that begin a condition, inside \text{...}
CONDITION_WORDS = frozenset({"if", "for", "when", "where", "with", "and"})
# and words that may stand beside these: \text{for all}
QUANTIFYING_WORDS = frozenset({"all", "any", "every", "each"})
# words of conditions that have to be understood, lest a line be called wrong
RESTRICTING_WORDS = _words("if for when whenever where with unless provided otherwise else in")
OTHERWISE = frozenset({"otherwise", "else"})
# words and signs between what a sum runs over and its conditions, and what they are short for
BELOW = {
    **dict.fromkeys(
        ("s.t.", "s.t", "st", "such that", "with", "where", "if", "for which"), "COLON"
    ),
    **dict.fromkeys(("and", "land", "wedge"), "COMMA"),
}
# words between equalities of which each is claimed
CONNECTING_WORDS = _words("and so then thus hence therefore i.e. that we which gives with")
# words between an equality and what it is claimed under
REASON_WORDS = _words("where since because as with using by")
SUPPOSING_WORDS = _words("let suppose assume assuming given set setting say")
# words of a sentence of the text that supposes something for what comes after it
LASTING_WORDS = SUPPOSING_WORDS | _words(
    "supposing letting take taking fix fixing choose choosing put putting consider considering "
    "plugging substituting recall assumption constraint subject define defined denote denoted "
    "normalise normalised normalize normalized such require"
)
# words that begin what a sentence says of the display right before them
BESIDE_WORDS = _words("where with when whenever if for at as since because given assuming provided")
# a single one of these in \text{...} is a remark and no name
REMARKING_WORDS = (
    (RESTRICTING_WORDS | CONNECTING_WORDS | CONDITION_WORDS | SUPPOSING_WORDS)
    - {"in", "we", "given", "set", "say"}
) | _words("or since because by using via is")
# words that are often written without \text, behind a wide space, an & or a comma
BARE_WORDS = ("otherwise", "else", "for", "if", "when", "where", "and")
# commands that are LaTeX and not read: none of them is a slip of the pen for another one
CORRECT = _words(
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
ASSUMING_WORDS = _words(
    "if when where whenever for let assume assuming suppose supposing given with set setting "
    "define defined defining denote denoted denotes write provided unless taking take say such"
)
# words of a heading behind which its number stands
NUMBERED = _words("exercise ex problem question part task subproblem subtask solution answer")
# a fenced block of these is a display
MATHEMATICS = frozenset({"math", "{math}"})
# words that a bullet begins with which may be a condition
CONDITIONAL = CONDITION_WORDS | _words(
    "assume assumes assuming suppose supposing provided unless whenever let given as since only"
)


# LaTeX names as plain text, for reports.


_ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303"}
# letters of their own, beside \\epsilon, \\theta, \\phi and others
_OTHER_FORMS = {
    "varepsilon": "\N{GREEK LUNATE EPSILON SYMBOL}",
    "vartheta": "\N{GREEK THETA SYMBOL}",
    "varphi": "\N{GREEK PHI SYMBOL}",
    "varpi": "\N{GREEK PI SYMBOL}",
    "varrho": "\N{GREEK RHO SYMBOL}",
    "varsigma": "\N{GREEK SMALL LETTER FINAL SIGMA}",
    "ell": "\N{SCRIPT SMALL L}",
}
_ACCENTED = re.compile(r"\\(hat|bar|tilde)\{(\\?[A-Za-z]+)\}")
_COMMAND = re.compile(r"\\([A-Za-z]+)")


def plain_name(latex: str) -> str:
    """``\\hat{y}`` as ŷ, ``J_{neg}`` as J_neg, ``\\sigma`` as σ."""

    def accented(found: re.Match[str]) -> str:
        base = plain_name(found[2])
        return unicodedata.normalize("NFC", base[0] + _ACCENTS[found[1]] + base[1:])

    text = _ACCENTED.sub(accented, latex).replace(r"\mathrm", "")
    text = _COMMAND.sub(_letter, text)
    return re.sub(r"[{}\s]", "", text).replace("^", "")


def _letter(found: re.Match[str]) -> str:
    name = found[1]
    if name in _OTHER_FORMS:
        return _OTHER_FORMS[name]
    case = "CAPITAL" if name[0].isupper() else "SMALL"
    spelled = name.upper().replace("LAMBDA", "LAMDA")
    try:
        return unicodedata.lookup(f"GREEK {case} LETTER {spelled}")
    except KeyError:
        return name
