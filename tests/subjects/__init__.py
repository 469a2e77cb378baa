"""Every derivation file, and the kernels made from it, against losses typed here by hand."""
