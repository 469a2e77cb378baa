"""Planted faults of the kernels of blocks; each names a property that catches it."""

from tests.spans.mutants import gradients, interface, losses, steps, windows

MUTANTS = (
    *windows.MUTANTS,
    *losses.MUTANTS,
    *gradients.MUTANTS,
    *steps.MUTANTS,
    *interface.MUTANTS,
)
