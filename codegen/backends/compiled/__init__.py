"""Numba: each node is loops over its axes, the steps of one pair at a time where there are pairs.

In order: `apart` gives what a loop needs a name, `groups` says which steps one loop over pairs
holds, `nest` makes loops of them (`loops`), `printer` prints these, `function` what is around them.
"""
