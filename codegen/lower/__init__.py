"""Lowering of index expressions to nodes of the array language: one rule a node, exact or refused.

What holds at every size, by construction. A `Node` has axes, which are running indices, each once.
It means an array with these axes whose entry at any place is the value of the expression with each
index the member at that place. A rule is given an expression of its kind of node; if the nodes of
the parts mean their parts, the node that it returns means the whole. Its docstring says by which
operation: one that is defined entry by entry, a sum over axes or over a shared axis, or a look-up
(`codegen/array_language.py` says the formula of each). By induction over the expression the whole
node means the whole expression. No rule reads a length: a length is in a program only as a node,
`Length`. So nothing that a rule does at one shape is another thing at another shape, but for axes
of length one, which NumPy broadcasts: the printer puts such axes in, and only those, so that an
axis never meets another one.

Tests try each rule by itself at random shapes, empty ones among them, against the meaning of index
expressions (`tests/codegen/interpreter.py`), and random expressions of several nodes. What rules do
not say is whether a step is made before it is read, and memory overwritten only where nothing reads
it any more (`codegen/compiler.py`), and what the runtime does. That is proved of the emitted text,
at small sizes, by running it on symbols (`codegen/execute/`).
"""
