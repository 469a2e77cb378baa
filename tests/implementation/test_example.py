"""The example: a dropped duplicate is named, and nothing is wrong once it is mended."""

from derivations.implementation import Kind
from examples.check_my_gradient import my_gradient, my_gradient_mended
from tests.implementation.kernels import quick


def test_the_example_is_wrong_in_the_one_way_it_says() -> None:
    report = quick(my_gradient, "negative_sampling", returns="grad_U")
    assert [finding.kind for finding in report.findings] == [Kind.DUPLICATE]


def test_the_mended_example_is_right() -> None:
    report = quick(my_gradient_mended, "negative_sampling", returns="grad_U")
    assert report.ok, report
