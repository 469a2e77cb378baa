"""One interpreter of the emitted text, with three domains: what stands for its numbers.

array      one class of arrays, which the text takes for NumPy's; what a domain has to say; the one
           table of what each of NumPy's functions does, in terms of the domain
loaded     the one loader: the package's text, and what it gets in place of what takes floats only

Exact numbers (`codegen.execute` proves by them what the text computes):

symbolic   a number: an element of the field, by cases where a condition decides; the domain:
           functions of entries, choices, products that overflowed
branching  values by cases, and every way that a run can go where something is left open

Numbers with errors, and counts of roundings (`codegen.rounding` bounds rounding by them):

errors     what is assumed of the arithmetic, by name; an exact value and the errors of the
           computed one, and sums in any order; the domain of these
roundings  the domain of counts, in u B, and what is known of weights relative to a leader

Believed: that NumPy's loops over objects do to entries what its loops over floats do but for
rounding, at every size as at those that are run; and the stubs, which `loaded` lists.
"""
