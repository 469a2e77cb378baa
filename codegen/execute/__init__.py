"""Proof of the emitted text: the committed files run on exact symbols, compared with the claims.

What is run, and on what:

    cases, patterns  sizes, words and windows that a kernel is run at
    loaded, standin  the package's text, and what takes the place of what takes floats only
    call             one call with symbols, and what became of its arguments
    overflow         the way that products go which are out of range

What symbols are:

    symbols, entry   arrays of them, which answer NumPy's protocols
    entries          what NumPy's elementwise operations do to their entries
    number, world    one number: an element of the exact field, by cases where a condition decides
    tree, ties       values by cases; cases that cannot be, or only where a number is zero

What it is compared with:

    specification    what a kernel has to return, evaluated from the encoding
    wanted, rates    what every output has to be; how far a step in place has to go
    compare, run     all entries of all outputs, on every path and in every variant
    elementwise      the same for functions of one number
    row_sums         the same for row sums, by words far apart as well
    point            both values at one point, for a reader

How much is run, and by whom:

    plan, units      limits for sizes, words and paths; the work cut into units of some cases
    variants, work   the ways to load the package; one unit done, and the units put together
    prove, processes all functions of a package, a process a core, the largest units first
    report, command  what is told of it

Believed, not proved: that NumPy's loops over objects do to entries what its loops over floats do
but for rounding, at every size as at these; the stand-ins, which `standin.py` lists; the field and
the interpreter of `derivations.proof`, which judge the claims as well.
"""
