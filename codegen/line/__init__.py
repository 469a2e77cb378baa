"""A kernel from one proved line of anyone's file: its loss, and the gradient on its left side.

found       the line, read and judged; what is not proved is refused
wanted      which loss and which derivative its left side is of
arguments   what the loss and the right side are functions of, as arguments with names
table       functions and the identities that keep their digits, each proved
softmaxes   quotients of exponentials and their sums, by a leader
stable      the right side rewritten by both
accuracy    exact values beside computed ones, at ordinary inputs
emitted     the text of the module
command     python -m codegen FILE LINE -o OUT
"""
