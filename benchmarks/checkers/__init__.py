"""What other checkers say of the same lines: ``python -m benchmarks.checkers``.

case           a line: its trees, its claim, and what is known of it
by_judge       this project's judge
by_equals      SymPy's equals, in components
by_numbers     a numeric check at one random point, derivatives by finite differences
by_math_verify math-verify, which compares the LaTeX of both sides
"""
