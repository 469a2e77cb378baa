"""What the reader understood, printed back as LaTeX that is read as the same expression.

    latex(entry, scope)      a number whose free indices are all declared, as text
    side(array, scope)       the general entry of a vector or matrix, as a Formula
    equation(claim, scope)   both general entries with an equals sign between them

A Formula has the text, the letters that stand for rows and columns, and the declarations to be
added for them. What no text would be read as raises Unprintable; a text that means something
else is never returned. Sums have all their bounds, and no bound letter is used for anything
else in the formula.
"""

from derivations.reader.latex import algebra, binders, elementary, names
from derivations.reader.latex.formula import Formula, equation, latex, side
from derivations.reader.latex.within import Unprintable

__all__ = [
    "Formula",
    "Unprintable",
    "algebra",
    "binders",
    "elementary",
    "equation",
    "latex",
    "names",
    "side",
]
