"""What the runs of the emitted text share, whatever stands for its numbers.

answered    NumPy's protocols, answered by a table of rules by NumPy's names
paths       every way that a run can go where something is left open

Numbers are exact (`codegen.execute`), have errors, or are counts of roundings (`codegen.rounding`).
"""
