"""The array language: programs between index expressions and text.

A program is a list of steps, and each step gives a name to a node (`nodes.py`). A node has axes,
which are running indices, each once, and means the array whose entry at any place is an index
formula with each index the member at that place; each kind of node says its formula. Passes
(`codegen/passes/`) turn programs into programs; a back end (`codegen/backends/`) prints one. Text
is made once, at the end: nothing reads what was printed.
"""
