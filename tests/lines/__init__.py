"""Random equalities, true and false, written as people write them: no verdict may be wrong.

python -m tests.lines --help
"""
