"""The LaTeX commands that are known, by what they are to the reader. Data only."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


GREEK = _words(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi "
    "pi rho sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma "
    "Upsilon Phi Psi Omega ell"
)
FUNCTIONS = frozenset({"exp", "log", "ln"})
# two names of one function
ONE_NAME = {"ln": "log"}
# functions that are often written without a backslash
BARE = FUNCTIONS | {"softmax", "sigmoid"}
# commands that say too little: what is asked, and what would settle it
REFUSED = {"lg": ("a logarithm to which base?", r"write \log for the natural one")}
# commands that only change how their argument looks
MARKUP = _words(
    "mathbf boldsymbol bold bm pmb mathcal mathscr mathsf mathit mathnormal vec bf it rm limits "
    "nolimits displaylimits displaystyle textstyle mathbin mathord mathop"
)
# around a 1 they make an indicator
BOLD = frozenset({"mathbf", "boldsymbol", "bold", "bm", "bf", "textbf"})
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
GAPS = frozenset({"quad", "qquad"})
# commands with one argument that say nothing about the mathematics
LABELS = frozenset({"tag", "label"})
SILENT = frozenset({"nonumber", "notag"})
MATRICES = frozenset({"pmatrix", "bmatrix", "matrix"})
ALIGNED = _words(
    "split aligned align align* equation equation* gather gather* gathered multline multline* "
    "alignedat eqnarray eqnarray*"
)
# words that begin a condition, inside \text{...}
CONDITION_WORDS = frozenset({"if", "for", "when", "where", "with", "and"})
# and words that may stand beside these: \text{for all}
QUANTIFYING_WORDS = frozenset({"all", "any", "every", "each"})

# a command or a character, and the token it is
TOKENS = {
    "sum": "SUM",
    "partial": "PARTIAL",
    "nabla": "NABLA",
    "grad": "NABLA",
    "dv": "DERIVATIVE",
    "pdv": "DERIVATIVE",
    "top": "TOP",
    "intercal": "TOP",
    "prime": "PRIME",
    "substack": "SUBSTACK",
    "cdot": "CDOT",
    "times": "TIMES",
    "ast": "TIMES",
    "star": "TIMES",
    "atop": "COMMA",
    "odot": "ODOT",
    "circ": "ODOT",
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
    "in": r"\in",
    "isin": r"\in",
    "notin": r"\notin",
    "equiv": r"\equiv",
    "approx": r"\approx",
    "propto": r"\propto",
    "sim": r"\sim",
    "to": r"\to",
    "≠": r"\ne",
    "≤": r"\le",
    "≥": r"\ge",
    "∈": r"\in",
    "∉": r"\notin",
}
CHARACTERS = {
    "+": "PLUS",
    "-": "MINUS",
    "−": "MINUS",
    "/": "SLASH",
    "*": "TIMES",
    "·": "CDOT",
    "⋅": "CDOT",
    "×": "TIMES",
    "⊙": "ODOT",
    "\N{DOWN TACK}": "TOP",
    "∑": "SUM",
    "∂": "PARTIAL",
    "∇": "NABLA",
    "∣": "VERT",
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
    **dict.fromkeys(sorted(ALIGNED), False),
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
