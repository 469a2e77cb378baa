"""A name that is declared elsewhere, or only as what a function is taken of, is told so."""

from __future__ import annotations

from derivations.reader.derivation import reading
from derivations.reader.line import NotRead

TEXT = r"""## Exercise 1
```given
size n >= 1
vector w, x in R^n
define \sigma(z) = \frac{1}{1 + e^{-z}}
```
$$w = w$$
$$\sigma(z) = z^\top z$$
$$q = q$$
## Exercise 2
```given
scalar b
define f = w^T x
```
$$w = w$$
$$b = b$$
"""


def test_the_advice_says_where_a_name_is_declared() -> None:
    found = reading(TEXT, "own.md")
    advice = {each.id: each.problem.advice for each in found.entries if isinstance(each, NotRead)}
    assert "stands for what \\sigma is taken of" in advice["1.2"]
    assert advice["1.3"] == "declare it in a ```given block"
    assert "w is declared in part 1 only; declare it above the first heading" in advice["2.1"]
    (problem,) = found.problems
    assert "w is declared in part 1 only" in problem.advice
