"""How much is read: bounds on the work that any text can ask for."""

MOST_BYTES = 1_000_000  # of one derivation file
MOST_ROWS = 50_000  # lines of text of one file
MOST_LINES = 2_000  # equalities in one file
MOST_DECLARED = 2_000  # characters of one declaration or remark
MOST_DECLARATIONS = 500  # in one block
MOST_CHARACTERS = 50_000  # of one display
MOST_TOKENS = 4_000  # of one formula
MOST_NESTED = 40  # brackets within brackets
MOST_DIGITS = 12  # of one number
MOST_BITS = 2_000  # of a power of a number
MOST_POWER = 12  # of one exponent
MOST_DEGREE = 144  # of exponents within exponents, multiplied
MOST_MATRICES = 6  # times a matrix itself
MOST_TOWER = 3  # exponentials of numbers within one another
MOST_FACTORS = 24  # vectors and matrices in one product
MOST_SIDE_BY_SIDE = 100  # factors of one product
MOST_BINDERS = 6  # sums and derivatives within one another
MOST_DEEP = 150  # nesting of a line with its definitions written out
MOST_UNFOLDED = 20_000  # nodes of a line with its definitions written out
MOST_MACROS = 2_000  # that a file defines
MOST_EXPANSIONS = 2_000  # uses of macros that one use comes to
MOST_EXPANDED = 60_000  # characters that it writes
MOST_MACROS_DEEP = 50  # macros that write uses of macros
MOST_FILES = 50  # that a file takes in
MOST_NOTEBOOK = 20_000_000  # bytes of a notebook, whose pictures are not read
MOST_SUPPOSED = 400  # formulas of the text of a part that may be conditions of what follows
