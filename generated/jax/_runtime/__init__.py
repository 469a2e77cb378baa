"""What the kernels for JAX call: pure functions of `jax.numpy`, written by hand."""
