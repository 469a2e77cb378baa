"""How exact the kernels are, beside SciPy, PyTorch and JAX: ``python -m benchmarks.accuracy``.

implementations  what is measured, of each library: two functions, loss and gradients of a pair
inputs           where: ranges of the functions, and pairs, small ones that hurt, large ones
errors           the largest errors in ulp and in units of u B, digits lost where one word leads
report           three tables, the same as JSON, and what our kernels have to keep to
"""
