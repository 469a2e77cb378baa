"""Equalities up to a constant: ``f = g + \\text{const}`` and ``f \\propto g``."""
