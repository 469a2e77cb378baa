"""Proof of the emitted text: the committed files run on exact symbols, compared with the claims.

cases          sizes, words and windows that a kernel is run at
paths          every way that a run can go where it turns on the size of a number
number         one number: an element of the exact field, or one for each side of a condition
entries        what NumPy's elementwise operations do to such numbers
symbols        arrays of them, which answer NumPy's protocols
standin        what the loaded files get for an import that cannot take symbols
loaded         the package's text, loaded under the stand-ins
specification  what a kernel has to return, evaluated from the encoding
compare        what it returned, against that
prove          all of it, for all kernels
"""
