"""Functions of single numbers, in the type of the number; and what asks numbers for their size."""

import math
from typing import Any

import numpy as np

from . import by_width, contracted, entrywise

kind = type  # of a number: what makes another one like it

_INVERSE = 1 / math.log(2)
_LOG_2_HIGH = float.fromhex("0x1.62e42feep-1")  # its last 21 bits are zeros: products are exact
_LOG_2_LOW = float.fromhex("0x1.a39ef35793c76p-33")
_WHOLE = 1.5 * 2.0**52  # added to a number, rounds it: the last bits are those of a whole number
_LEAST, _MOST = -746.0, 710.0  # below and above, exp is 0 and infinite
_ROOT_OF_HALF = 0x3FE6A09E667F3BCD  # its bits
_ALL_BUT_SIGN = np.int64(2**63 - 1)
_ALL_BUT_SIGN_IN_SINGLE = np.int32(2**31 - 1)
_LARGEST = float(np.finfo(np.float64).max)
_FACTORIALS = tuple(1 / math.factorial(n) for n in range(3, 14))

_INVERSE_IN_SINGLE = np.float32(_INVERSE)
_LOG_2_UPPER = np.float32(float.fromhex("0x1.62e4p-1"))  # of 15 bits
_LOG_2_LOWER = np.float32(math.log(2) - float.fromhex("0x1.62e4p-1"))
_WHOLE_IN_SINGLE = np.float32(1.5 * 2.0**23)
_LEAST_IN_SINGLE, _MOST_IN_SINGLE = np.float32(-104), np.float32(89)
_S1, _S2, _S3, _S4, _S5, _S6, _S7 = (np.float32(1 / math.factorial(n)) for n in range(1, 8))


@contracted
def _exp_in_double(x: Any) -> Any:
    """2^k times a polynomial of what is left, |r| <= log(2) / 2, without a branch.

    So loops over it are vectorised. Taylor's, of degree 13: what is left out is below 2^-57.
    """
    z: Any = np.float64(x)
    z = _LEAST if z < _LEAST else z
    z = _MOST if z > _MOST else z
    rounded = z * _INVERSE + _WHOLE
    k = rounded - _WHOLE
    r = (z - k * _LOG_2_HIGH) - k * _LOG_2_LOW
    p = _F13
    p = p * r + _F12
    p = p * r + _F11
    p = p * r + _F10
    p = p * r + _F9
    p = p * r + _F8
    p = p * r + _F7
    p = p * r + _F6
    p = p * r + _F5
    p = p * r + _F4
    p = p * r + _F3
    p = p * r + 0.5
    p = 1 + (r + r * r * p)
    bits = np.float64(rounded).view(np.int64) << 32
    first = bits >> 33  # of k, so that both powers of two are in range
    second = (bits >> 32) - first
    p = p * np.int64((first + 1023) << 52).view(np.float64)
    return type(x)(p * np.int64((second + 1023) << 52).view(np.float64))


@contracted
def _exp_in_single(x: Any) -> Any:
    """The same in float32, of degree 7: within 1.07 ulp at every float32."""
    z: Any = _LEAST_IN_SINGLE if x < _LEAST_IN_SINGLE else x
    z = _MOST_IN_SINGLE if z > _MOST_IN_SINGLE else z
    rounded = z * _INVERSE_IN_SINGLE + _WHOLE_IN_SINGLE
    k = rounded - _WHOLE_IN_SINGLE
    r = (z - k * _LOG_2_UPPER) - k * _LOG_2_LOWER
    p = _S7
    p = p * r + _S6
    p = p * r + _S5
    p = p * r + _S4
    p = p * r + _S3
    p = p * r + _S2
    p = _S1 + (r + r * r * p)
    bits = np.int32(np.float32(rounded).view(np.int32) << 16)
    first = np.int32(bits >> 17)
    second = np.int32((bits >> 16) - first)
    p = p * np.int32((first + 127) << 23).view(np.float32)
    return p * np.int32((second + 127) << 23).view(np.float32)


exp = by_width(_exp_in_single, _exp_in_double)  # the exponential; NaN stays NaN


@entrywise
def exp_below(x: Any) -> Any:
    """exp(min(x, 0)), by the exponential of -|x|, which is asked for beside it and taken once."""
    found = exp(-abs(x))
    return type(x)(1) if x >= 0 else found


_F3, _F4, _F5, _F6, _F7, _F8, _F9, _F10, _F11, _F12, _F13 = _FACTORIALS


@contracted
def log1p(x: Any) -> Any:
    """The logarithm of one more, in double, without a branch.

    Of u = 1 + x = 2^k (1 + f), 1 + f between the roots of 1/2 and 2: with s = f / (2 + f) it is
    k log(2) + 2 atanh(s), the series cut off below 2^-56; what rounding u lost is added to it.
    """
    z: Any = np.float64(x)
    u = 1 + z
    lost = (z - (u - 1)) / u
    bits = np.float64(u).view(np.int64)
    k = (bits - _ROOT_OF_HALF) >> 52
    f = np.int64(bits - (k << 52)).view(np.float64) - 1
    s = f / (2 + f)
    q = s * s
    p = _A10
    p = p * q + _A9
    p = p * q + _A8
    p = p * q + _A7
    p = p * q + _A6
    p = p * q + _A5
    p = p * q + _A4
    p = p * q + _A3
    p = p * q + _A2
    p = p * q + _A1
    half = 0.5 * f * f
    found = k * _LOG_2_HIGH - ((half - (s * (half + q * p) + (k * _LOG_2_LOW + lost))) - f)
    found = z if z > _LARGEST else found
    found = -np.inf if u == 0 else found
    return type(x)(np.nan if u < 0 else found)


_A1, _A2, _A3, _A4, _A5, _A6, _A7, _A8, _A9, _A10 = (2 / n for n in range(3, 22, 2))


@entrywise
def log(x: Any) -> Any:
    """The logarithm: of zero minus infinity, of less NaN."""
    return type(x)(np.log(np.float64(x)))


@entrywise
def tanh(x: Any) -> Any:
    """The hyperbolic tangent."""
    return type(x)(math.tanh(np.float64(x)))


@entrywise
def sqrt(x: Any) -> Any:
    """The square root."""
    return type(x)(np.sqrt(np.float64(x)))


@entrywise
def minimum(x: Any, y: Any) -> Any:
    """The smaller of two numbers; NaN where one of them is."""
    return x if x < y or x != x else y


@entrywise
def maximum(x: Any, y: Any) -> Any:
    """The larger of two numbers; NaN where one of them is."""
    return x if x > y or x != x else y


@entrywise
def sign(x: Any) -> Any:
    """1, 0 or -1; NaN stays NaN."""
    one = type(x)(1)
    return one if x > 0 else (-one if x < 0 else x)


@entrywise
def weigh(weight: Any, value: Any) -> Any:
    """``weight * value``, but 0 where a weight of 0 meets an infinite value; NaN stays NaN."""
    found = weight * value
    return type(value)(0) if weight == 0 and math.isinf(value) else found


@entrywise
def is_finite(x: Any) -> bool:
    """Whether it is neither infinite nor NaN."""
    return bool(math.isfinite(x))


@entrywise
def are_finite(row: Any) -> bool:
    """Whether all numbers of a row are finite."""
    finite = True
    for i in range(len(row)):
        finite &= math.isfinite(row[i])
    return bool(finite)


@entrywise
def exponent(row: Any) -> Any:
    """The power of two that the numbers of a row are below."""
    most: Any = 0.0
    for i in range(len(row)):
        most = max(most, abs(np.float64(row[i])))
    return math.frexp(most)[1]


@entrywise
def scaled(x: Any, exponent: Any) -> Any:
    """A number times a power of two."""
    return type(x)(math.ldexp(x, exponent))


@entrywise
def _order_in_double(x: Any) -> Any:
    """A whole number for each number, in the same order."""
    bits = np.float64(x).view(np.int64)
    return bits ^ ((bits >> 63) & _ALL_BUT_SIGN)


@entrywise
def _order_in_single(x: Any) -> Any:
    """The same of a number in float32, as wide as that."""
    bits = np.float32(x).view(np.int32)
    return np.int32(bits ^ ((bits >> 31) & _ALL_BUT_SIGN_IN_SINGLE))


def _place_of_largest(order: Any, whole: Any) -> Any:
    @entrywise
    def place_of_largest(row: Any) -> Any:
        last = whole(len(row) - 1)
        most = order(row[last])
        for w in range(last):
            most = max(most, order(row[w]))
        place = last
        for w in range(last):
            place = min(place, whole(w) if order(row[w]) == most else last)
        return place

    return place_of_largest


# The first place of the largest number of a row, or of a NaN; 0.0 is above -0.0. By whole numbers
# in the same order, as wide as the numbers and without a branch, so that both loops are vectorised.
argmax = by_width(
    _place_of_largest(_order_in_single, np.int32), _place_of_largest(_order_in_double, np.int64)
)
