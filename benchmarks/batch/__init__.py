"""The kernels beside other ways to compute the same: ``python -m benchmarks.batch``."""
