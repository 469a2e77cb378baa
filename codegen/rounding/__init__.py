"""Bounds on the rounding errors of the emitted code, from the emitted code.

The kernels run on numbers that carry what rounding can make of them, so that no formula is
typed again. Proved under `codegen.rounding.hypotheses`, and compared with what is measured.

hypotheses  what is assumed of the arithmetic, by name
measure     exp and log1p, measured
number      an exact value and the errors of the computed one
arithmetic  the operations on them; `sums` has those in any order
array       arrays of them, which emitted code takes for NumPy's; `operations` has their rules
wrapped     what they share with those that count
double      sums that NumPy takes in double
choices     the ways a run may go where rounding decides
models      helpers that are taken by what they say
rebind      an emitted function, with the same code, on arrays of another kind
run         `bounds`: exact values and error bounds of what a kernel returns
scalars     a function of one number over all floats, by subdivision
core        the scalar core, and within what it is claimed to be; `points` measures it
count       how many roundings
counted     arrays that carry a count; `counting` has their rules
known       what they are known to be, so that `remaining` says where one less another is safe
counts      bounds in u B that hold for all inputs of a size
arguments   what kernels are called with; `cases` draws them, random and chosen to hurt
compare     bounds beside what is measured on them
report      all of it, as rows

From Python: `from codegen.rounding.report import report`.
"""
