"""Differentials: ``d \\log |X| = \\operatorname{tr}(X^{-1} dX)``."""
