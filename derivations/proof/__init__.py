"""Two independent arguments for every claim, and the judge that wants both.

judge           the verdict, from the arguments below
signs           cases of |z| and the like
symmetric_derivatives   conventions of derivatives by a symmetric matrix

for all sizes: the normal form of index sums
normal_form     from SymPy to a sum in normal form, and the difference of two
sums            its arithmetic
deltas          equations between indices: one-point rule, delta split
telescoping     power sums, and sums over shifted indices
division        content and exact division
definite        what is certain about the value of a sum
beside_inverse  a matrix beside its inverse
cleared         equalities multiplied by what is inverted in them
terms, members  index sums as typed data; members of ranges
whole           whole numbers made of sizes
context         what one proof knows

at small sizes: an exact decision
decide          both sides equal, by two routes to every derivative
merge           words that a condition makes the same, written as one
size_signature  what a claim and an expression depend on (index analysis)
choice_points   which words can coincide, and which a sum can read
selection       which sizes are decided
instances       all instances of a size, every pattern of equal words
evaluate        the meaning of an expression at an instance, in any domain:
field, dual         exact values; pairs with derivatives by rule
witness             certified intervals, for a counterexample in numbers
dependence          linear dependence over the rationals of field elements
places, domain  integers of an instance; what a domain offers
by_kind         what is done with a node of each type

for all sizes, without the normal form
bound, degree   how large the sizes have to be checked, and why that is enough
"""
