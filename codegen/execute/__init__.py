"""Proof of the emitted text: the committed files run on exact symbols, compared with the claims.

What is run, and on what (`codegen.interpret`: the symbols, and the text loaded for them):

    cases, patterns  sizes, words and windows that a kernel is run at
    call             one call with symbols, and what became of its arguments

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

That small sizes stand for all:

    uniform, places  what in the text depends on an extent or on a call, and what that is for
    watched          which way went what does

Believed: the field and the interpreter of `derivations.proof`, which judge the claims as well.
"""
