"""From index expressions to NumPy text: one rule a node, exact or refused.

What holds at every size, by construction. A `Text` has axes, which are running indices, each
once. It means an array with these axes whose entry at any place is the value of the expression
with each index the member at that place. A rule is given an expression of its kind of node; if the
texts of the parts mean their parts, the text that it returns means the whole. Its docstring says
by which operation of NumPy: one that is defined entry by entry (arithmetic, functions, `where`), a
sum over axes or over a shared axis (`sum`, `@`, `einsum`), or a look-up (`take`, an index,
`np.diagonal`, and `picked`, `replaced`, `overwritten`, `sum_without` of the runtime). By
induction over the expression the whole text means the whole expression. No rule reads a length:
a length is in a text only as ``x.shape[n]``. So nothing that a rule does at one shape is another
thing at another shape, but for axes of length one, which NumPy broadcasts: `Text.beside` puts
such axes in, and only those, so that an axis never meets another one.

Tests try each rule by itself at random shapes, empty ones among them, against the meaning of index
expressions (`tests/codegen/interpreter.py`), and random expressions of several nodes. What rules do
not say is whether a step is made before it is read, and memory overwritten only where nothing reads
it any more (`statement.in_place`), and what the runtime does. That is proved of the emitted text,
at small sizes, by running it on symbols (`codegen/execute/`).
"""
