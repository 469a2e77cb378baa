"""Numba: each node is loops over its axes, the steps of one pair at a time where there are pairs.

In order: `loop_groups` gives what a loop needs a name and says which steps one loop over pairs
holds, `nest` makes loops of them, `loops` prints these, `compiled_package` what is around them.
"""
