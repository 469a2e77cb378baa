"""Bounds on the rounding errors of the emitted code, from the emitted code.

The kernels run on numbers that carry what rounding can make of them (`codegen.interpret`), so that
no formula is typed again. Proved under `codegen.interpret.hypotheses`, and compared with what is
measured.

measure     exp and log1p, measured
run         `bounds`: exact values and error bounds of what a kernel returns
scalars     a function of one number over all floats, by subdivision
core        the scalar core, and within what it is claimed to be; `points` measures it
counts      bounds in u B that hold for all inputs of a size
arguments   what kernels are called with; `cases` draws them, random and chosen to hurt
compare     bounds beside what is measured on them
report      all of it, as rows; `told` as the command tells them

From Python: `from codegen.rounding.report import report`.
"""
