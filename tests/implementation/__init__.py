"""Tests of `derivations.check_kernel`."""
