"""The resolved language: typed terms between what is read and what is proved, and their meanings.

tree         terms, members of index sets, definitions; shapes are checked when a node is made
functions    elementary functions, one row each
traversal    the parts of a term, members and variables replaced; free variables; substitution
arrangement  equality of terms up to how they are arranged
unfit        terms whose parts do not fit, kept to be mended
index_form   meaning one: entries in index notation, at symbolic sizes
direct       meaning two: values at concrete sizes
index_nodes  index expressions, SymPy's with what it lacks, and their derivatives
"""
