"""One interpreter of the emitted text, with three domains: what stands for its numbers.

array        one class of arrays, which the text takes for NumPy's; what a domain has to say
operations   the one table: what each of NumPy's functions does, in terms of the domain
loaded       the one loader: the package's text, and what it gets in place of what takes floats only

Exact numbers (`codegen.execute` proves by them what the text computes):

symbolic       the domain: functions of entries, choices, products that overflowed
exact_numbers  a number: an element of the field, by cases where a condition decides
branching      values by cases, and every way that a run can go where something is left open

Numbers with errors, and counts of roundings (`codegen.rounding` bounds rounding by them):

errors          the domain of an exact value and the errors of the computed one
running_errors  the operations on such a number, and sums in any order
roundings       the domain of counts, in u B
leaders         counts, and what is known of weights relative to a leader
hypotheses      what is assumed of the arithmetic, by name

Believed: that NumPy's loops over objects do to entries what its loops over floats do but for
rounding, at every size as at those that are run; and the stand-ins, which `loaded` lists.
"""
