"""Bounds on the rounding errors of the emitted code, from the emitted code.

The kernels run on numbers that carry what rounding can make of them (`codegen.interpret`), so that
no formula is typed again. Proved under `codegen.interpret.errors`, and compared with what is
measured.

error_bounds  exact values and error bounds of a kernel; bounds in u B for all inputs of a size
scalar_core   functions of one number, over all floats by subdivision, and measured; exp and log1p
bound_rows    all of it as rows, beside what is measured at inputs random and chosen to hurt

From Python: `from codegen.rounding.bound_rows import report`.
"""
