"""How exact the kernels are, beside SciPy, PyTorch and JAX: ``python -m benchmarks.accuracy``.

implementation  what is measured: two scalar functions, and loss and gradients of a pair
by_generated    the kernels of this project
by_scipy        expit, log_expit, softmax and log_softmax of SciPy, gradients by hand
by_torch        PyTorch with autograd
by_jax          JAX with jax.grad
installed       those of them that can be imported here
ranges          where the scalar functions are evaluated, by bit pattern and by value
ulps            exact sigmoids in ball arithmetic, and distances in units in the last place
scalars         the largest error of the scalar functions on each range
cases           the pairs: small ones that are chosen to hurt, large ones, long sums
condition       the largest error of losses and gradients in units of u B
confident       digits lost where the outside word leads
targets         what the kernels of this project have to keep to
tables          the three tables, and the same as JSON
"""
