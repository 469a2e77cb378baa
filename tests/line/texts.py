"""Small texts as people hand them in, and the module made of one of their lines."""

from pathlib import Path
from typing import Any

from codegen.line.accuracy import loaded
from codegen.line.made import Made, made
from codegen.line.sought import found
from codegen.line.writing import kernel_of

LOGISTIC = r"""
```given
size n, d >= 1
index s in 1..n
index i in 1..d
vectors x_s in R^d, rows of X
vector w in R^d
vector t in R^n
scalar \lambda
define \sigma(a) = \frac{1}{1 + e^{-a}}
define y_s = \sigma(w^T x_s)
define E(w) = -\sum_s (t_s \log y_s + (1 - t_s) \log(1 - y_s)) + \frac{\lambda}{2} w^T w
```
$$\frac{\partial E}{\partial w} = X^T (y - t) + \lambda w$$
$$\frac{\partial E}{\partial w} = X^T (t - y) + \lambda w$$
$$E(w) = -\sum_s (t_s \log y_s + (1 - t_s) \log(1 - y_s)) + \frac{\lambda}{2} \|w\|^2$$
"""
CLASSES = r"""
```given
size n, d, K >= 1
index s in 1..n
index k, j in Classes = 1..K
vectors x_s in R^d, rows of X
vectors w_k in R^d, rows of W
list c_s in Classes, s in 1..n
define p_{sk} = \frac{\exp(w_k^T x_s)}{\sum_j \exp(w_j^T x_s)}
define L = -\sum_s \log p_{s c_s}
```
$$\frac{\partial L}{\partial w_k} = \sum_s (p_{sk} - \mathbb{1}_{k = c_s}) x_s$$
"""
SCALARS = r"""
```given
scalar z, b
define f(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}}
```
$$f'(z) = 1 - f(z)^2$$
$$\frac{d}{dz} \frac{e^z - 1}{e^z + 2} = \frac{3 e^z}{(e^z + 2)^2}$$
$$\frac{d}{dz} (\log(1 + e^z) + b z) = \frac{e^z}{1 + e^z} + b$$
"""
HIDDEN = r"""
```given
size M, D >= 1
index j in 1..M
index i in 1..D
matrix V in R^{M x D}
vector x in R^D
vector u in R^M
define h = \tanh(V x)
define L = u^T h
```
$$\frac{\partial L}{\partial V} = (u \odot (1 - h \odot h)) x^T$$
"""


def made_of(text: str, line: str, folder: Path, suffix: str = ".md") -> Made:
    """The module of a line, neither run nor measured."""
    return made(found(written(text, folder, suffix), line), {})


def written(text: str, folder: Path, suffix: str = ".md") -> Path:
    """The text in a file."""
    path = folder / f"homework{suffix}"
    path.write_text(text, encoding="utf-8")
    return path


def function_of(text: str, line: str, folder: Path) -> Any:
    """The function of a line, proved and measured."""
    module, _ = kernel_of(written(text, folder), line, {})
    return loaded(module.text)
