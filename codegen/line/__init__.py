"""A kernel from one proved line of anyone's file: its loss, and the gradient on its left side.

proved_line   the line, read and judged; its loss and derivative; functions that keep their digits
line_module   arguments with names, the kernel, and the text of the module for a back end
stable_forms  quotients of exponentials and their sums, by a leader; rows of functions
accuracy      the text run on symbols, and exact values beside computed ones at ordinary inputs

The command is `python -m codegen FILE LINE -o OUT`.
"""
