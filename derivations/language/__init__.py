"""The resolved language: typed terms between what is read and what is proved, and their meanings.

tree       terms, members of index sets, definitions; shapes are checked when a node is made
functions  elementary functions, one row each
names      the one choice of printed names; free: what is free in a term
rewrite    the parts of a term, members and variables replaced
index_form meaning one: entries in index notation, at symbolic sizes
direct     meaning two: values at concrete sizes
"""
