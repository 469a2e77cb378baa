"""How much is read: bounds on the work that any text can ask for."""

MOST_BYTES = 1_000_000  # of one derivation file
MOST_TOKENS = 4_000  # of one formula
MOST_NESTED = 40  # brackets within brackets
MOST_DIGITS = 12  # of one number
MOST_POWER = 12  # of one exponent, and of exponents within exponents
MOST_BINDERS = 6  # sums and derivatives within one another
MOST_UNFOLDED = 20_000  # nodes of a line with its definitions written out
MOST_LINES = 2_000  # equalities in one file
