"""What follows from an equality that is a condition, and no claim.

consequence  the verdict on a claim under premises
multiplier   one difference as a multiple of another one that is zero
nonzero      what is not zero wherever the sides have values
root         numbers at which a condition holds, and a claim does not
points       terms of several equalities at one instance, in numbers
"""
