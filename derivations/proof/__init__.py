"""Two independent arguments for every claim, and the judge that wants both.

judge               the verdict: normal form for all sizes, exact decision at enough small ones
reductions          a claim as others: merging, generalisation, sign split, inverses cleared
consequence         the verdict under premises: equalities that are conditions, and no claims
premise_multiplier  one difference as a multiple of another one that is zero; roots of a premise

for all sizes: the normal form of index sums
normal_form         from SymPy to a sum in normal form, the difference of two, its text; half angles
sums                its arithmetic: sums, products, exact division, one term under its binders
functions_of_sums   inverses, exponentials, logarithms, signs of sums, taken apart
contraction         one-point rule, splits by deltas and binary numbers, identities of matrices
terms               index sums as typed data: members of ranges, whole numbers made of sizes, keys
context             what one proof knows, and what is certain about the value of a sum

at small sizes: an exact decision
decide              both sides equal, by two routes to every derivative; a witness in numbers
instances           what a claim depends on (index analysis); every pattern of equal words
evaluate            the meaning of an expression at an instance, in any domain; dual numbers
domain              what a domain offers
field               exact values, of which being zero is decidable
"""
