"""The resolved language: typed terms between what is read and what is proved, and their meanings.

tree      terms, members of index sets, definitions; shapes are checked when a node is made
functions elementary functions, one row each
"""
