"""Every form, spelling, small line, refusal and wrong file has the right verdict or words."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from derivations import verify
from derivations.proof.judge import judge
from derivations.reader.derivation import UnreadableFile, derivation, reading
from derivations.reader.equation import Line, NotRead
from derivations.reader.source import Attempts
from derivations.report.workers import Answer, Limits, Run
from tests.reader.meaning import lines, meaning, problems, refusal
from tests.reader.spellings import SAME

# Declarations, remarks and displays that are refused: where, at what, and why.


PLACES = dict[str, tuple[str, str, str]]

# a declaration from the seventh line on, under the declarations of the tests
DECLARATIONS: PLACES = {
    "sizes N >= 1": ("7:1", "sizes", "no keyword of a declaration"),
    "size N M >= 1": ("7:5", "N M >= 1", "not understood"),
    "size N": ("7:5", "N", "not understood"),
    "size N > 2": ("7:5", "N > 2", "not understood"),
    "size 2 >= 1": ("7:5", "2 >= 1", "not understood"),
    "size": ("7:1", "size", "not understood"),
    "size , >= 1": ("7:5", ", >= 1", "not understood"),
    "index": ("7:1", "index", "not understood"),
    "index a": ("7:6", "a", "not understood"),
    "index a in": ("7:6", "a in", "not understood"),
    "index a in Foo": ("7:12", "Foo", "no index set"),
    "index a in 1..": ("7:12", "1..", "no index set"),
    "index a in 1..M": ("7:12", "M", "no size has this name"),
    "index a in 5..1": ("7:12", "5..1", "an empty range"),
    "index ab in 1..K": ("7:7", "ab", "an index is a single letter"),
    "index a b in 1..K": ("7:7", "ab", "an index is a single letter"),
    "index a+b in 1..K": ("7:7", "a + b", "an index is a single letter"),
    "index a in Vocab = 1..K": ("7:12", "Vocab = 1..K", "Vocab is 1..N already"),
    "index w in 1..K": ("7:1", "index w in 1..K", "w is declared a second time in this block"),
    "index a in ²..3": ("7:12", "²", "no size has this name"),
    "index a in 1..9999999999999999": ("7:12", "9999999999999999", "no size has this name"),
    "define q_k = 2 q_{k-1}": ("7:8", "q_k", "where does it start? nothing declares q_0"),
    "define q_k = q_{k-1} + q_{k+1}": (
        "7:8",
        "q_k",
        "a recurrence in more than one step, or in two directions",
    ),
    "define q_k = 2 r_{k-1}": ("7:16", "r_{k-1}", "nothing has this name"),
    "scalar": ("7:1", "scalar", "not understood"),
    "scalar 2": ("7:8", "2", "a name is expected here"),
    "scalar x + 1": ("7:8", "x + 1", "a name is expected here"),
    "scalar x y": ("7:8", "xy", "a name is expected here"),
    "scalar x;y": ("7:7", "x;y", "names with commas between are expected"),
    "scalar x^{-1}": ("7:8", "x^{-1}", "a name is expected here"),
    "scalar x^T": ("7:8", "x^T", "a name is expected here"),
    "scalar z": ("7:1", "scalar z", "z is declared a second time in this block"),
    "scalar \\frac12": ("7:8", "\\frac{1}{2}", "a name is expected here"),
    "vector": ("7:1", "vector", "not understood"),
    "vector p": ("7:7", "p", "not understood"),
    "vector p in R^K, p_1 > 0": ("7:18", "p_1", "not understood"),
    "matrix A in R^{K x K}, A_{kk} > 0": ("7:24", "A_{kk}", "not understood"),
    "matrix A in R^{K x K}, A > 0": ("7:24", "A", "not understood"),
    "vector p in R": ("7:7", "p in R", "not understood"),
    "vector p in R^M": ("7:15", "M", "no size has this name"),
    "vector p in R^{d x d}": ("7:7", "p in R^{d x d}", "not understood"),
    "vectors u in R^d": ("7:8", "u in R^d", "not understood"),
    "vectors u_q in R^d": ("7:9", "u_q", "its subscript is no declared index"),
    "vectors u_{wk} in R^d": ("7:9", "u_{wk}", "its subscript is no declared index"),
    "vectors u_w in R^d, columns of": ("7:8", "u_w in R^d, columns of", "not understood"),
    "vectors u_w in R^d, columns of u": ("7:8", "u_w in R^d, columns of u", "not understood"),
    "vectors u_w in R^d, diagonals of U": ("7:8", "u_w in R^d, diagonals of U", "not understood"),
    "matrix A in R^d": ("7:7", "A in R^d", "not understood"),
    "matrix A in R^{d x M}": ("7:20", "M", "no size has this name"),
    "list w_k": ("7:5", "w_k", "not understood"),
    "list w_k in Foo, k in 1..K": ("7:13", "Foo", "no index set has this name"),
    "list w in Vocab, k in 1..K": ("7:5", "w in Vocab, k in 1..K", "not understood"),
    "list w_k in Vocab": ("7:5", "w_k in Vocab", "not understood"),
    "list w_{t-k} in Vocab, k in 1..K": ("7:5", "w_{t-k} in Vocab, k in 1..K", "not understood"),
    "list w_q in Vocab, k in 1..K": ("7:5", "w_q in Vocab, k in 1..K", "not understood"),
    "read k": ("7:5", "k", "not understood"),
    "read k as n_k": ("7:5", "k as n_k", "not understood"),
    "read q as w_k": ("7:5", "q as w_k", "not understood"),
    "list n_k in Vocab, k in 1..K\nread k as n_1": ("8:5", "k as n_1", "not understood"),
    "define": ("7:1", "define", "not understood"),
    "define x": ("7:7", "x", "not understood"),
    "define f(x)": ("7:7", "f(x)", "not understood"),
    "define f = ": ("7:10", "=", "the formula breaks off here"),
    "define f = g": ("7:12", "g", "nothing has this name"),
    "define f(x) = y": ("7:15", "y", "nothing has this name"),
    "define f(x) = x +": ("7:17", "+", "the formula breaks off here"),
    "define f(x x) = x": ("7:10", "xx", "a letter, a vector or a matrix is expected"),
    "define f(x, x) = x": ("7:10", "x, x", "two arguments are called x"),
    "define 2 = 3": ("7:8", "2", "a name is expected here"),
    "define f + g = 2": ("7:8", "f + g", "a name is expected here"),
    "define f(2) = 2": ("7:10", "2", "a letter, a vector or a matrix is expected"),
    "define f(\\frac12) = 2": (
        "7:10",
        "\\frac{1}{2}",
        "a letter, a vector or a matrix is expected",
    ),
    "define f = 1 = 2": ("7:7", "f = 1 = 2", "not understood"),
    "define f \\ne 1": ("7:7", "f \\ne 1", "not understood"),
    "define f = f": ("7:12", "f", "nothing has this name"),
    "define z = z": ("7:1", "define z = z", "z is declared a second time in this block"),
    "define q_{ww} = 1": ("7:8", "q_{ww}", "one letter twice"),
    "define q_w = w": ("7:14", "q_w", "w: a member of Vocab does not fit a number"),
    "define f' (x) = x": ("7:8", "f'", "a name is expected here"),
    "define f^2 = x": ("7:14", "x", "nothing has this name"),
    "arbitrary J": ("7:11", "J", "say what it depends on: J(v_c, o, U)"),
    "arbitrary J(x": ("7:13", "x", "the formula breaks off here"),
    "arbitrary J(2)": ("7:13", "2", "a letter, a vector or a matrix is expected"),
    "arbitrary J(q_w)": ("7:13", "q_w", "a letter, a vector or a matrix is expected"),
    "if": ("7:1", "if", "not understood"),
    "if z = 1": ("7:4", "z", "an index is expected here"),
    "if w": ("7:4", "w", "a condition such as w \\ne o is expected"),
    "if w \\ne": ("7:6", "\\ne", "the formula breaks off here"),
    "if z_1 > 0": ("7:4", ">", "this condition is not read"),
    "if U_{ww} > 0": ("7:4", ">", "this condition is not read"),
    "if w < c": ("7:4", "<", "this condition is not read"),
    "if w \\ne q": ("7:10", "q", "nothing has this name"),
    "if w = c = w": ("7:4", "w = c = w", "write each condition by itself"),
    "if w, c": ("7:4", "w, c", "a condition such as w \\ne o is expected"),
    "if w \\notin \\{q_1, ..., q_K\\}": (
        "7:13",
        "\\{q_1, ..., q_K\\}",
        "no list has these entries",
    ),
    "if q_1, ..., q_K distinct": ("7:4", "q_1, ..., q_K", "no list has these entries"),
    "if distinct": ("7:3", "distinct", "not understood"),
    "if k \\ne 0": (
        "7:3",
        "k \\ne 0",
        "the condition k \\ne 0 excludes nothing: 0 is not a member of 1..K",
    ),
    "if w \\ne 5": ("7:10", "5", "Vocab = 1..N need not have this member"),
    "list n_k in Vocab, k in 1..K\nif c \\notin \\{n_1, n_K\\}": (
        "8:13",
        "\\{n_1, n_K\\}",
        "no list has these entries",
    ),
    "list n_k in Vocab, k in 1..K\nif n_1, n_2 distinct": (
        "8:4",
        "n_1, n_2",
        "no list has these entries",
    ),
    "scalar a\nscalar a": ("8:1", "scalar a", "a is declared a second time in this block"),
    "index a in 1..K\nscalar a": ("8:1", "scalar a", "a is declared a second time in this block"),
    "size M >= 1\nsize M >= 0": ("8:1", "size M >= 0", "M is declared a second time in this block"),
    "vectors u_w in R^d, columns of U\narbitrary J(u_w, U)": (
        "8:13",
        "u_w, U",
        "U is named twice",
    ),
    "define h = \\sum_w w": ("7:12", "h", "w: a member of Vocab does not fit a number"),
}
# what stands from the tenth line on
DISPLAYS: PLACES = {
    "$$z = z$$\n- where z is fine": ("11:3", "where z is fine", "not understood"),
    "$$z = z$$\n- if": ("11:3", "if", "says nothing of the line"),
    "$$z = z$$\n- if $z$": ("11:7", "z", "a condition such as w \\ne o is expected"),
    "$$z = z$$\n- if $w \\ne$": ("11:9", "\\ne", "the formula breaks off here"),
    "$$z = z$$\n- line.2 refuted": ("11:3", "line.2", "no line above has this id"),
    "$$z = z$$\n- line.1 wrong": ("11:3", "line.1 wrong", "not understood"),
    "$$z = z$$\n- line.1": ("11:3", "line.1", "says nothing of the line"),
    "$$z = z$$\n- line.1 refuted, should be $z": (
        "11:3",
        "line.1 refuted, should be $z",
        "not understood",
    ),
    "$$z = z$$\n- line.1 refuted, should be $z = z = z$": (
        "11:30",
        "z = z = z",
        "a correction is one equality",
    ),
    "$$z = z$$\n- line.1 refuted, should be $$": ("11:29", "$$", "a display that is never closed"),
    "$$z = z$$\n- line.1 refuted, should be $q$": ("11:30", "q", "nothing has this name"),
    "$$z = z$$\n- line.1 refuted\n- line.1 proved": (
        "12:3",
        "line.1 proved",
        "line.1 is remarked on before",
    ),
    "$$z = z": ("10:1", "$$", "a display that is never closed"),
    "$$z = (z$$": ("10:8", "z", "the formula breaks off here"),
    "$$z = z)$$": ("10:8", ")", "a bracket is closed here that was never opened"),
    "$$z = \\frac{z$$": ("10:12", "{", "a brace that is opened here is never closed"),
    "$$z = z}$$": ("10:8", "}", "a brace is closed here that was never opened"),
    "$$z = [z)$$": ("10:9", ")", "this cannot stand here"),
    "$$$$": ("10:3", "", "a display without an equality"),
    "$$ $$": ("10:3", "", "a display without an equality"),
    "$$z$$": ("10:3", "z", "a display without an equality"),
    "```given\nscalar q": ("10:1", "```given", "a block that is never closed"),
    "## (a) A\n$$z=z$$\n## (a) B\n$$z=z$$": ("12:4", "a", "a part of this name is there already"),
    "## (a) A\n\n$$= z$$": ("12:3", "=", "there is nothing before it to equal"),
    "$$z = \\foo$$": ("10:7", "\\foo", "an unknown command"),
    "$$z = \\sgima$$": ("10:7", "\\sgima", "an unknown command"),
    "$$z = \\begin{foo} z \\end{foo}$$": ("10:7", "\\begin{foo}", "an unknown environment"),
    "$$z = \\left. z \\right)$$": ("10:7", "\\left", "a bracket left out"),
    "$$z = \\left. z \\right|$$": ("10:7", "\\left. z \\right|", "evaluated where?"),
    "$$z = \\lg z$$": ("10:7", "\\lg", "a logarithm to which base?"),
    "$$z = z @ z$$": ("10:9", "@", "an unknown character"),
    "$$z = é$$": ("10:7", "é", "an unknown character"),
    "$$z = \x00$$": ("10:7", "\x00", "an unknown character"),
    "$$z = z_$$": ("10:8", "_", "the formula breaks off here"),
    "$$z = z^$$": ("10:8", "^", "the formula breaks off here"),
    "$$z = z__w$$": ("10:9", "_", "this cannot stand here"),
    "$$z = z^2^2$$": ("10:10", "^", "a second one here"),
    "$$z = \\sqrt[3]{z}$$": ("10:7", "\\sqrt[3]", "only square roots are read"),
    "$$z = {}$$": ("10:6", "", "an empty side"),
    "$$z = \\frac{}{z}$$": ("10:12", "{", "braces around nothing, or around a list"),
    "$$z = ()$$": ("10:7", "()", "a list where one thing is expected"),
    "$$z = \\text{is unclear}$$": ("10:6", "", "an empty side"),
    "$$z = (z, z)$$": ("10:7", "(z, z)", "a list where one thing is expected"),
    "$$z = \\sum z$$": ("10:7", "\\sum", "a sum over what?"),
    "$$z = z (w < c)$$": ("10:10", "<", "this condition is not read"),
    "$$z = z (w = 0)$$": ("10:10", "w = 0", "0 is not a member of Vocab = 1..N"),
    "$$z = |q|$$": ("10:8", "q", "no index set has this name"),
    "$$z = w_k$$": ("10:7", "w_k", "nothing has this name"),
    "$$z = \\mathbb{12}$$": ("10:7", "\\mathbb{12}", "unknown"),
    "$$z = \\mathbb$$": ("10:7", "\\mathbb", "its argument is missing"),
    "$$z = \\hat$$": ("10:7", "hat", "the formula breaks off here"),
    "$$z = \\frac$$": ("10:7", "\\frac", "the formula breaks off here"),
    "$$z = \\\\$$": ("10:6", "", "an empty side"),
    "$$z = \\$$": ("10:7", "\\", "a command without a name"),
    "$$z = z \\end{aligned}$$": ("10:9", "\\end{aligned}", "an end without its beginning"),
    "$$z = \\begin{pmatrix} z \\end{bmatrix}$$": (
        "10:25",
        "\\end{bmatrix}",
        "an end without its beginning",
    ),
    "$$z = \\begin{pmatrix} z & z \\\\ z \\end{pmatrix}$$": (
        "10:7",
        "\\begin{pmatrix} z & z \\\\ z \\end{pmatrix}",
        "this matrix is not read",
    ),
    "$$z = \\substack{z}$$": ("10:7", "\\substack{z}", "this is no number, vector or matrix"),
}


# Whole files with one fault each: the exit code, where it is said to be, and what would settle it.
#
# A file is the declarations below and what is given here, from the eleventh line on.


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


# Ways to write names, functions, derivatives, sums and matrix algebra have the right verdicts.
#
# `forms.md` has a false line beside the true ones in each notation. A line that may be meant
# otherwise is doubtful: it can be proved, not refuted. One that is taken as a definition is
# defined.


FILE = Path(__file__).with_name("forms.md")
_CASE = re.compile(r"^### (?P<name>.*?): (?P<verdicts>.*)$", re.MULTILINE)


def cases() -> list[tuple[str, list[str], str]]:
    """Name, verdicts and text of each group of lines."""
    _, *pieces = _CASE.split(FILE.read_text(encoding="utf-8"))
    groups = zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True)
    return [(name, verdicts.split(", "), text) for name, verdicts, text in groups]


def verdict(entry: Line | NotRead) -> str:
    """What is said of one line."""
    if isinstance(entry, NotRead):
        assert entry.problem.advice, entry.problem
        return "not read"
    if entry.defines:
        return "defined"
    found = judge(entry.claim).verdict.value
    return "doubtful" if found == "refuted" and entry.doubt else found


@pytest.mark.parametrize(
    ("wanted", "text"), [case[1:] for case in cases()], ids=[case[0] for case in cases()]
)
def test_every_form_is_judged_as_it_is_meant_and_has_a_false_twin(
    wanted: list[str], text: str
) -> None:
    assert {"refuted", "ill-typed", "doubtful"} & set(wanted)
    read = reading(text, "forms.md")
    assert not read.problems
    assert {entry.latex: verdict(entry) for entry in read.entries} == dict(
        zip((entry.latex for entry in read.entries), wanted, strict=True)
    )


# Small lines that other people write have the verdicts that are right (`small_lines.md`).


FILE_OF_SMALL_LINES = Path(__file__).with_name("small_lines.md")


def cases_of_small_lines() -> list[tuple[str, list[str], str]]:
    """Name, verdicts and text of each small file."""
    _, *pieces = _CASE.split(FILE_OF_SMALL_LINES.read_text(encoding="utf-8"))
    parts = zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True)
    return [(name, verdicts.split(", "), text) for name, verdicts, text in parts]


def verdicts(text: str) -> list[str]:
    """The verdict on each equality of a file, read or not."""
    entries = reading(text, "small.md").entries
    return [
        judge(entry.claim).verdict.value if isinstance(entry, Line) else "not read"
        for entry in entries
    ]


@pytest.mark.parametrize(
    ("wanted", "text"),
    [case[1:] for case in cases_of_small_lines()],
    ids=[case[0] for case in cases_of_small_lines()],
)
def test_a_small_line_has_the_verdict_that_is_right(wanted: list[str], text: str) -> None:
    assert verdicts(text) == wanted


def test_there_are_small_lines_of_every_kind() -> None:
    found = {verdict for _, wanted, _ in cases_of_small_lines() for verdict in wanted}
    assert found == {"proved", "refuted", "undecided", "not read"}
    assert len(cases_of_small_lines()) > 40


def test_a_sum_that_may_reach_over_two_terms_is_refused_where_it_is_defined() -> None:
    given = (
        "```given\nsize n >= 1\nindex i in 1..n\nvector y, p in R^n\nscalar a\n"
        "define L = -\\sum_i y_i \\log p_i + (1 - y_i) \\log(1 - p_i)\n```\n"
    )
    read = reading(f"{given}$$L = 0$$\n$$a = a$$\n", "small.md")
    (problem,) = read.problems
    assert "does the sum over i reach over both terms?" in problem.what
    assert [isinstance(entry, Line) for entry in read.entries] == [False, True]


# One thing in the many ways it is written.


PAIRS = [(reference, other) for reference, others in SAME.items() for other in others]


@pytest.mark.parametrize(("reference", "other"), PAIRS)
def test_a_spelling_means_what_the_reference_means(reference: str, other: str) -> None:
    assert meaning(other) == meaning(reference)


def test_there_are_enough_of_them() -> None:
    assert len({other for _, other in PAIRS}) >= 120


def test_references_differ() -> None:
    """All but the softmax and its name, which are one thing by definition."""
    meanings = {reference: meaning(reference) for reference in SAME}
    assert len(set(meanings.values())) == len(meanings) - 1


# What cannot be read is refused with its place, its token and what would settle it.


GIVEN = """size N, d >= 1
size K >= 0
index c, w in Vocab = 1..N
index k in 1..K
scalar z
"""


def said(text: str) -> tuple[str, str, str]:
    (problem,) = problems(text)
    return str(problem.place), problem.token, problem.what


@pytest.mark.parametrize("declaration", DECLARATIONS)
def test_a_declaration_is_refused_where_it_is_wrong(declaration: str) -> None:
    text = f"```given\n{GIVEN}{declaration}\n```\n\n$$z = z$$\n"
    assert said(text) == DECLARATIONS[declaration]


@pytest.mark.parametrize("display", DISPLAYS)
def test_a_display_or_remark_is_refused_where_it_is_wrong(display: str) -> None:
    assert said(f"```given\n{GIVEN}\n```\n\n{display}\n") == DISPLAYS[display]


def test_every_keyword_is_refused_in_some_way() -> None:
    first = {declaration.split()[0] for declaration in DECLARATIONS}
    keywords = "size index scalar vector vectors matrix list read define arbitrary if"
    assert first >= set(keywords.split())


def test_what_is_refused_is_named_by_file_line_column_token_and_advice() -> None:
    with pytest.raises(UnreadableFile) as caught:
        derivation("```given\nscalar z\n```\n\n$$z = \\sgima(z)$$\n", "notes.md")
    assert str(caught.value) == (
        "notes.md:5:7: at '\\sgima': an unknown command; did you mean \\sigma?"
    )


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = problems(
        "```given\nscalar z\n```\n\n## (a) A\n\n$$z = q$$\n\n$$z = (z$$\n\n- a.1 refuted\n\n"
        "## (b) B\n\n```given\nscalars y\n```\n\n$$y = y$$\n\n## (c) C\n\n$$z = r$$\n"
    )
    assert [str(problem.place) for problem in found] == ["7:7", "9:8", "11:3", "16:1", "23:7"]


def test_a_good_line_beside_a_bad_one_is_not_reported() -> None:
    (problem,) = problems("```given\nscalar z\n```\n\n$$z = z$$\n\n$$z = q$$\n")
    assert problem.place.line == 7


@pytest.mark.parametrize(
    ("latex", "advice"),
    [
        (r"\frac{\partial^3}{\partial z^3} \sigma(z)", "only first and second derivatives"),
        (r"\frac{\partial^2 z}{\partial z}", "only first and second derivatives"),
        (r"\frac{\partial}{\partial z \partial s} z", "only first and second derivatives"),
        (r"\sigma''''(z)", "up to 3 primes"),
        (r"\nabla J", "a derivative by what"),
        (r"\frac{\partial J}{\partial (z s)}", "not written in terms of"),
        (r"v_c^2", r"x\^\{\\odot 2\}"),
        (r"A - z", "the number times I"),
        (r"\lVert U \rVert", r"write \\lVert A \\rVert_F"),
        (r"\|v_c\|_F^2", r"write \\lVert v \\rVert"),
        (r"\|v_c\|_\infty", "declare a name for it"),
        (r"|v_c|", r"write \\lVert v \\rVert for a norm"),
        (r"\max z", r"write \\max\(a, b\)"),
        (r"u_o' v_c", r"\\sigma'\(x\)"),
        (r"z^{1/3}", "only whole numbers and their halves"),
        (r"z^s", "only whole numbers"),
        (r"z^{13}", "an exponent above 12"),
        (r"\bar{y}", r"did you mean \\hat\{y\}"),
        (r"u", "it takes w"),
        (r"\sum z", r"write a letter below"),
        (r"\sum_{q} z", "declare it, or write its bounds"),
        (r"\sum_{i=1}^{M} z", "nothing has this name"),
        (r"\int_k z", "unknown command"),
        (r"z \cdots s", "write out what the dots stand for"),
        (r"(u_1, \dots, u_N)", "a row or a column?"),
        (r"A_1", "a row or a column"),
    ],
)
def test_a_formula_beyond_the_reader_is_refused_with_advice(latex: str, advice: str) -> None:
    problem = refusal(latex)
    assert re.search(advice, f"{problem.what} {problem.advice}")
    assert problem.token
    assert problem.place.line == 1


@pytest.mark.parametrize("sign", ["<=", r"\le", "<", r"\ne", r"\approx", r"\in"])
def test_only_equalities_are_lines(sign: str) -> None:
    (problem,) = problems(f"```given\nscalar z, s\n```\n\n$$z {sign} s$$\n")
    assert "equalit" in f"{problem.what} {problem.advice}"


@pytest.mark.parametrize(
    "display",
    [
        r"$$U v_c = z$$",
        r"$$\log(v_c) = z$$",
        r"$$y_0 = z$$",
        r"$$v_c = v_c^T$$",
        r"$$v_c + 1 = z$$",
        r"$$z = \frac{z}{v_c}$$",
        r"$$z = \frac{z}{0}$$",
        r"$$z = w$$",
        r"$$\hat{y}_0 = z$$",
        r"$$\frac{\partial J}{\partial w} = z$$",
        r"$$\sum_{k=1}^K u_{0} = z$$",
    ],
)
def test_what_is_read_and_has_no_meaning_is_ill_typed(display: str) -> None:
    (line,) = lines(display)
    assert judge(line.claim).verdict.value == "ill-typed"


# A wrong file ends with its exit code, says where the fault is and what would settle it.


def in_this_process(run: Run, limits: Limits) -> Answer:
    """The run without a process of its own, for speed."""
    return run(Attempts())


def told(text: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Exit code and all that is printed of a file."""
    path = folder / "wrong.md"
    path.write_text(HEAD + text + "\n", encoding="utf-8")
    code = verify.main([str(path), "--repairs", "none", "--format", "json"])
    printed = capsys.readouterr()
    found = strings(json.loads(printed.out)) if printed.out else []
    return code, "\n".join([*found, printed.err])


def strings(value: object) -> list[str]:
    """All texts in what a page of JSON holds."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in strings(each)]
    if isinstance(value, list):
        return [text for each in value for text in strings(each)]
    return [str(value)]


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_file_says_where_and_what_would_settle_it(
    text: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verify, "answer", in_this_process)
    code, place, remedy = WRONG[text]
    found, page = told(text, tmp_path, capsys)
    assert found == code
    assert place in page or place.replace(":", "\n") in page
    assert remedy in page
    assert "Traceback" not in page


def test_there_are_many_wrong_files_and_a_right_one_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(WRONG) >= 60
    code, page = told("$$a = a$$", tmp_path, capsys)
    assert code == 0
    assert "proved" in page


def test_a_file_is_told_the_same_in_a_process_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, page = told(r"$$\frac{a = b$$", tmp_path, capsys)
    assert (code, "11:8" in page) == (1, True)
