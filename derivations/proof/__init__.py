"""Two independent arguments for every claim, and the judge that wants both.

judge               the verdict, from the arguments below
reductions          a claim as another one: words merged, intermediates as variables, conventions
signs               sign split: cases of |z| and the like
consequence         the verdict under premises: equalities that are conditions, and no claims
premise_multiplier  one difference as a multiple of another one that is zero; roots of a premise
nonzero             what is not zero wherever the sides have values

for all sizes: the normal form of index sums
normal_form         from SymPy to a sum in normal form, and the difference of two
normal_form_text    a normal form as lines of mathematics
sums                its arithmetic
contraction         one-point rule, splits by deltas and binary numbers, telescoping
division            content, exact division, factors, common denominators
definite            what is certain about the value of a sum
matrix_identities   a matrix beside its inverse; rank-one updates
half_angles         sines and cosines as rational functions of tangents of half an angle
clear_inverses      equalities multiplied by what is inverted in them
terms, members      index sums as typed data; members of ranges, whole numbers made of sizes
context             what one proof knows

at small sizes: an exact decision
decide              both sides equal, by two routes to every derivative
size_signature      what a claim and an expression depend on (index analysis)
numbered            members that terms tell apart by number
choice_points       which words can coincide, and which a sum can read
instances           all instances of a size, every pattern of equal words; which are decided
evaluate            the meaning of an expression at an instance, in any domain:
index_evaluation    integers that indices, words and sizes stand for in it
domain              what a domain offers; dual numbers, which are one over any other
field               exact values, of which being zero is decidable
half_turns          cosines and sines of sums of angles, exactly
dependence          linear dependence over the rationals of field elements
witness             certified intervals, for a counterexample in numbers

for all sizes, without the normal form
bound               how large the sizes have to be checked, and why that is enough
"""
