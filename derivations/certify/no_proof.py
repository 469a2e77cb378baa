"""Catalogue of lines that are stated in Coq and for which its tactics find no proof, and why."""

from __future__ import annotations

_SIGNS = "the tactics split on the sign of one number under |.|, and not of one at each index"
_NESTED = "three sums in one another, each under a fraction: the tactics take too long"
_SECOND = "a second derivative of a quotient of sums: the tactics take too long"

NO_PROOF: dict[str, str] = {
    "attention_head/b.6": _NESTED,
    "softmax_regression/h.2": _SECOND,
    "softmax_regression/h.3 corrected": _SECOND,
    "softmax_regression/h.4 corrected": _SECOND,
    "two_layer_network/h.9": _NESTED,
    "two_layer_network/r.2": _SIGNS,
    "two_layer_network/r.6": _SIGNS,
    "two_layer_network/r.7": _SIGNS,
    "two_layer_network/r.8 corrected": _SIGNS,
}
