"""Whole files with one fault each: the exit code, where it is said to be, and what would settle it.

A file is the declarations below and what is given here, from the eleventh line on.
"""

from __future__ import annotations

HEAD = r"""```given
size n >= 1
size N, d >= 1
index i, j, k in 1..n
index w, o, c in Vocab = 1..N
vector x, z in R^n
matrix A in R^{n x n}
scalar a, b, s
define y_w = \mathbb{1}_{w = o}
```
"""
# text: exit code, place, remedy
WRONG: dict[str, tuple[int, str, str]] = {
    # blocks
    r"$$A [x, z] = a$$": (1, "11:5", "write products block by block: W_h h + W_x x"),
    r"$$A [x; z] = a$$": (1, "11:5", "write products block by block: W_h h + W_x x"),
    # a dot without anything in front of it
    r"$$\cdot, a = b$$": (1, "11:3", "a factor is missing before it"),
    # a transpose in the wrong place, if vectors are columns
    r"$$x x^\top = \|x\|^2$$": (1, "11:14", "row y in R^n"),
    # braces and brackets
    r"$$a = {b$$": (1, "11:7", "write } where it ends"),
    r"$$a = b}$$": (1, "11:8", "write { where it begins"),
    r"$$\frac{a = b$$": (1, "11:8", "write } where it ends"),
    r"$$\boxed{a = b$$": (1, "11:9", "write } where it ends"),
    r"$$a = \exp{(b)$$": (1, "11:11", "write } where it ends"),
    r"$$x_{i = z_i$$": (1, "11:5", "write } where it ends"),
    r"$$a = \underbrace{b + s$$": (1, "11:18", "write } where it ends"),
    r"$$a = (b + s$$": (1, "11:12", ") would close the ( at 11:7"),
    r"$$a = b + s)$$": (1, "11:12", "write ( where it begins, or leave it out"),
    r"$$a = \left( b + s \right.$$": (1, "11:20", "write both brackets"),
    r"$$a = \left. b \right)$$": (1, "11:7", "write both brackets"),
    r"$$a = [b)$$": (1, "11:9", "] would close the [ at 11:7"),
    r"$$a = |b$$": (1, "11:8", "| would close the | at 11:7"),
    r"$$a = \text{b$$": (1, "11:12", "write } where it ends"),
    r"$$a = \frac{b$$": (1, "11:12", "write } where it ends"),
    r"$$a = b^{2$$": (1, "11:9", "write } where it ends"),
    # environments
    r"$$\begin{align} a &= b$$": (1, "11:23", r"write \end{align}"),
    r"$$a = b \end{align}$$": (1, "11:9", r"write \begin{align} before it"),
    r"$$\begin{aligned} a &= b \end{align}$$": (1, "11:26", r"write \begin{align} before it"),
    r"$$\begin{alligned} a &= b \end{alligned}$$": (1, "11:3", "known are IEEEeqnarray"),
    r"$$a = \begin{pmatrix} a \end{bmatrix}$$": (1, "11:25", r"write \begin{bmatrix} before it"),
    # several rows and equalities
    r"$$a = b \\ s$$": (1, "11:12", "write the sign where the line is broken"),
    r"$$a = b \\ - s = a$$": (1, "11:12", "mark where rows are aligned with &"),
    r"$$a = b \quad s$$": (1, "11:15", r"numbers of formulas in \tag{..}"),
    r"$$a = b & s$$": (1, "11:11", r"numbers of formulas in \tag{..}"),
    r"$$a, b = s$$": (1, "11:3", "write each equality with both its sides"),
    r"$$a = b, s$$": (1, "11:8", "each equality has a display of its own"),
    r"$$a = (b \\ s)$$": (1, "11:13", "write the sign where the line is broken"),
    r"$$a$$": (1, "11:3", "use $...$ for a formula in the text"),
    r"$$= a$$": (1, "11:3", "write both sides"),
    r"$$a = $$": (1, "11:6", "write what it equals"),
    r"$$a \le b$$": (1, "11:5", "a condition stands in parentheses"),
    r"$$a \approx b$$": (1, "11:5", "a condition stands in parentheses"),
    "$$a = b": (1, "11:1", "close it with $$"),
    # frames
    r"$$s \boxed{a + b} = s a + s b$$": (1, "11:11", "put the sum in parentheses"),
    r"$$a - \underbrace{b + s}_{c} = a$$": (1, "11:18", "put the sum in parentheses"),
    r"$$\cancelto{0}{a} = 0$$": (1, "11:3", "declare a name for it"),
    r"$$a \overset{\sim}{+} b = s$$": (1, "11:5", "declare a name for it"),
    # cases
    r"$$y_w = \begin{cases} 1 & w = o \\ 0 & w = c \end{cases}$$": (1, "11:9", "otherwise"),
    r"$$y_w = \begin{cases} 1 & w = o \\ 0 \end{cases}$$": (1, "11:36", "otherwise"),
    r"$$a = \begin{cases} 1 & a > 1 \\ 0 & a < 0 \end{cases}$$": (1, "11:7", "otherwise"),
    r"$$a = \begin{cases} 1 & a \sim 1 \\ 0 & \text{else} \end{cases}$$": (
        1,
        "11:25",
        "inequalities",
    ),
    r"$$y_w = \begin{cases} 1 & w = o \\ 2 & w = c \\ 0 & \text{else} \end{cases}$$": (
        1,
        "11:9",
        "say which case holds there",
    ),
    r"$$a = \begin{cases} 1 & \text{by day} \\ 0 & \text{else} \end{cases}$$": (
        1,
        "11:25",
        "write if ..., or otherwise",
    ),
    # dots
    r"$$a = x_1 + \ldots$$": (1, "11:13", "and its last"),
    r"$$a = \ldots + x_n$$": (1, "11:7", "and its last"),
    r"$$a = x_1 + \cdots + x_i$$": (1, "11:24", "end where a declared range ends"),
    r"$$a = x_1 + z_2 + \cdots + x_n$$": (1, "11:7", r"or use \sum"),
    r"$$a = x_1 - x_2 + \cdots + x_n$$": (1, "11:7", r"use \sum"),
    r"$$a = x_1 \cdots x_n$$": (1, "11:11", r"use \sum"),
    r"$$a = x_1 + \cdots + z_i + \cdots + x_n$$": (1, "11:22", r"use \sum"),
    # commands: what is LaTeX is no slip of the pen
    r"$$a = \foo$$": (1, "11:7", "declare a name for it"),
    r"$$a = \sgima$$": (1, "11:7", r"did you mean \sigma?"),
    r"$$a = \alhpa$$": (1, "11:7", r"did you mean \alpha?"),
    r"$$a = \int_i x_i$$": (1, "11:7", "declare a name for it"),
    r"$$x x = a$$": (1, "11:9", r"write x^\top y, or x \cdot y"),
    r"$$a = \prod_i x_i a$$": (1, "11:19", "put it in front"),
    r"$$a = \int b$$": (1, "11:7", "declare a name for it"),
    r"$$a = b \leftarrow s$$": (1, "11:9", "write = where it is meant as one"),
    r"$$a \pm b = s$$": (1, "11:5", "declare a name for it"),
    r"$$a = \max_i(b, s)$$": (1, "11:13", "one number"),
    r"$$a = \sqrt[3]{b}$$": (1, "11:7", r"write \exp(\frac{1}{n} \log(...))"),
    r"$$a = \lVert A \rVert$$": (1, "11:7", r"write \lVert A \rVert_F"),
    r"$$a = |x|$$": (1, "11:7", r"write \lVert v \rVert for a norm"),
    r"$$a = @$$": (1, "11:7", "write it as LaTeX"),
    # conditions
    r"$$a = b \text{ if } a > 0$$": (1, "11:21", r"conditions are like w \ne o"),
    r"$$a = b \quad (a > 0)$$": (1, "11:16", r"read are =, \ne and \notin"),
    r"$$a = a + 1, \quad \text{or} \quad a = b$$": (1, "11:20", "give each a display"),
    r"$$\text{Suppose } a = b$$": (1, "11:3", "- if $...$"),
    r"$$k = 2 k, \quad k = 1, \ldots, n - 1$$": (1, "11:18", "declare a letter for this range"),
    r"$$a = b \quad \text{otherwise}$$": (1, "11:15", r"\text{if } w = o"),
    # names
    r"$$a = q$$": (1, "11:7", "declare it"),
    r"$$x_q = z_q$$": (1, "11:5", "declare it"),
    r"$$x_{\text{top}} = a$$": (1, "11:6", "declare it"),
    r"$$A = softmax(A)$$": (1, "11:7", "use softmax of each row"),
    r"$$rank(A) = a$$": (1, "11:3", r"\operatorname{rank}"),
    r"$$A = e^A$$": (1, "11:7", "write \\exp(...) for each entry"),
    "$$h(a) = h(a)$$\n```given\ndefine h(t) = t^2\n```\n$$a = h$$": (1, "15:7", "write h(...)"),
    # inverses
    r"$$A^{-1}_{ij} = a$$": (1, "11:3", "write (A^{-1})_{ij}, or 1 / A_{ij}"),
    "```given\nmatrix B in R^{n x d}, invertible\n```\n$$a = a$$": (
        1,
        "12:22",
        "a square matrix may be that",
    ),
    "```given\nif A + A invertible\n```\n$$a = a$$": (1, "12:4", "of a matrix A, or of X^T X"),
    "```given\nmatrices B_q in R^{n x n}\n```\n$$a = a$$": (1, "12:10", "add the numbers"),
    "```given\nmatrices B in R^{n x n}, j in 1..n\n```\n$$a = a$$": (1, "12:9", "matrices A_k"),
    # traces and determinants
    r"$$\operatorname{tr} A A = a$$": (1, "11:23", "put its argument in parentheses"),
    r"$$\operatorname{tr}(I) = a$$": (1, "11:3", "write its size, as in I_n"),
    r"$$\det(x z^T) = a$$": (1, "11:3", "if X^T X invertible"),
    # layouts
    "```given\nlayout sideways\n```\n$$a = a$$": (1, "12:1", "write layout numerator"),
    "```given\ndefine q = z + A z\n```\n$$\\frac{\\partial q}{\\partial z} = A$$": (
        1,
        "14:35",
        "as in layout numerator",
    ),
    # how far something reaches
    r"$$\forall i \; x_i = a$$": (1, "11:3", "put a comma between them"),
    r"$$2 \frac{\partial s}{\partial a} |_{a=0} = 0$$": (1, "11:35", r"write \left."),
    r"$$\sum_{i,j}^n A_{ij} = a$$": (1, "11:14", r"write \sum_{k=1}^n"),
    "If $i = j$, then $$x_i = x_j$$": (1, "11:5", "- if $...$"),
    "Hence $$x_i = x_j$$ if $i = j$.": (1, "11:21", "- if $...$"),
    "\\newcommand{\\x}{\\x}$$\\x = a$$": (1, "11:22", "write out what is meant"),
    # remarks
    "$$a = a$$\n- line.7 refuted": (1, "12:3", "above are line.1"),
    "$$a = a$$\n- line.1 wrong": (1, "12:3", "write if"),
    # no line at all
    "a = b": (2, "", "put equalities between $$ and $$"),
    "": (2, "", "there is no line to judge"),
    "```given\ndistribution p(s)\n```\n$$a = a$$": (1, "12:14", "letters for the members of a set"),
    "```given\ndistribution p\n```\n$$a = a$$": (1, "12:14", "write distribution p(y | x)"),
    "```given\ndistribution p(w | o)\n```\n$$\\mathbb{E}_{c \\sim p}[a] = a$$": (
        1,
        "14:22",
        "write p(\\cdot | ...)",
    ),
    r"$$\mathbb{E}_{w \sim q}[a] = a$$": (1, "11:22", "declare a letter for the members"),
    "```given\nscalar q in [0, 1]\n```\n$$a = a$$": (1, "12:13", "write R, (0, 1)"),
    "```given\nscalar q in (1, 0)\n```\n$$a = a$$": (1, "12:13", "write the smaller one first"),
    "```given\nscalar q < 1\n```\n$$a = a$$": (1, "12:8", "write 0 < x < 1"),
    "```given\nvector q in (0, 1)^n, q_i > 0\n```\n$$a = a$$": (1, "12:23", "say it once"),
    "```given\nscalar q": (2, "11:1", "write ```"),
    "```given\nscalar q\nscalar q\n```\n$$a = a$$": (1, "13:1", "keep one of the two"),
    r"$$a = \log \exp(b))$$": (1, "11:19", "write ( where it begins, or leave it out"),
    r"$$x \leftarrow x - a z$$": (1, "11:5", "write = where it is meant as one"),
    r"$$x := x - a z$$": (1, "11:3", "write = where it is meant as one"),
    r"$$x_{\text{pos}} = a$$": (1, "11:6", "declare it in a"),
    # arrays with dots
    r"$$x = [x_0, \dots, x_n]^T$$": (1, "11:7", "declared are 1..n, Vocab = 1..N"),
    r"$$x = [0, \dots, 1, \dots, 0]^T$$": (1, "11:7", r"y_w = \mathbb{1}_{w = o}"),
    r"$$A x = A [z_1, \dots, z_n]$$": (1, "11:11", "(..)^T for a column"),
    r"$$A = \begin{pmatrix} s & \\ & s \end{pmatrix}$$": (1, "11:7", "its first rows and columns"),
    r"$$\operatorname{diag}(s) = A$$": (1, "11", "diag, which takes a vector"),
    # names that displays introduce
    "$$L = a^2 + b$$": (1, "11", "declare L to have it judged"),
    "$$L = a^2$$\n\n$$L = b^2$$": (1, "at 11:3", "give one of them another name"),
    r"$$a + \text{RHS} = b$$": (1, "11:7", "show the equality right before"),
}
