"""Planted bugs, and which gradient checkers see them: python -m benchmarks.gradient_checkers.

Each of the others checks a kernel against differences of the kernel's own loss, as its
documentation shows it: `torch.autograd.gradcheck` on a custom Function, `jax.test_util.check_grads`
in reverse mode on a custom_vjp, `scipy.optimize.check_grad` and `numdifftools.Gradient` on loss and
gradient as functions of one flat vector. All get float64 and their default settings, and the same
random points: normal vectors, random words, more words drawn than are likely to differ.
"""
