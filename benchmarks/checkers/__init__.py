"""What other checkers say of the same lines: ``python -m benchmarks.checkers``.

lines   a line: its trees, its claim, what is known of it; and what a checker said of all of them
others  this project's judge, SymPy's equals, a numeric check, pycodemath, math-verify
"""
