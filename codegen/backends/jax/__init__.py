"""JAX: the same programs as pure functions of `jax.numpy`, losses with the proved gradient.

`jax_package` turns a program into one that JAX can trace, whatever the words are, and prints it,
expressions as for NumPy, and the loss that has its gradient as a rule; `jax_stubs` is what they
get where they are run on symbols.
"""
