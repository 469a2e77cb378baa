"""The functions of `center_steps` as instructions on sixteen numbers at a time, for Numba.

A row is an array of vectors of sixteen float32, which stay in registers. Rows are aligned to 64
bytes and have 16 × ``len(width)`` numbers; `aligned` makes such a matrix.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from llvmlite import ir
from llvmlite.ir import IRBuilder as Builder
from llvmlite.ir import Value
from numba import types
from numba.core import cgutils
from numba.core.base import BaseContext
from numba.core.datamodel import DataModelManager
from numba.core.typing import Context, Signature
from numba.extending import intrinsic, models, overload, register_model
from numpy.typing import NDArray

from proved_kernels.training import center_steps
from proved_kernels.training.center_steps import Floats, Width, Words

LANES = center_steps.LANES
Values: TypeAlias = Sequence[Value]
# the types of an instruction, and what makes it
Typed: TypeAlias = tuple[Signature, Callable[[BaseContext, Builder, Signature, Values], Value]]
Overload: TypeAlias = Callable[..., object]  # what is compiled for arguments of these types
_FLOAT = ir.FloatType()
_VECTOR = ir.VectorType(_FLOAT, LANES)
_WHOLE = ir.VectorType(ir.IntType(32), LANES)
_LN2 = (0.693145751953125, 1.428606765330187e-06)  # the first has 12 bits: times 150 is exact
_EXP = tuple(1.0 / n for n in (720, 120, 24, 6, 2, 1, 1))  # 1 / k!, the highest first


def aligned(matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """A copy whose rows begin at multiples of 64 bytes, with zeros between them."""
    size, d = matrix.shape
    width = -(-d // LANES) * LANES
    memory = np.zeros(size * width + LANES, np.float32)
    start = -(memory.ctypes.data // 4) % LANES
    made = memory[start : start + size * width].reshape(size, width)
    made[:, :d] = matrix
    return made[:, :d]


class Row(types.Type):
    """``count`` vectors."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(name=f"Row({count})")


@register_model(Row)
class _RowModel(models.PrimitiveModel):
    def __init__(self, manager: DataModelManager, kind: Row) -> None:
        super().__init__(manager, kind, ir.ArrayType(_VECTOR, kind.count))


def _vectors(
    context: BaseContext, builder: Builder, kind: types.Array, matrix: Value, at: Value, count: int
) -> list[Value]:
    """Where the vectors of a row are."""
    data = context.make_array(kind)(context, builder, value=matrix).data
    start = builder.gep(data, [builder.mul(at, at.type(count * LANES))])
    places = [builder.gep(start, [ir.IntType(64)(n * LANES)]) for n in range(count)]
    return [builder.bitcast(place, _VECTOR.as_pointer()) for place in places]


def _called(builder: Builder, name: str, *arguments: Value) -> Value:
    """LLVM's own function on vectors, of the type of its arguments."""
    kind = ir.FunctionType(_VECTOR, [_VECTOR] * len(arguments))
    called = cgutils.get_or_insert_function(builder.module, kind, f"llvm.{name}.v{LANES}f32")
    return builder.call(called, arguments)


def _fma(builder: Builder, one: Value, other: Value, plus: Value) -> Value:
    return _called(builder, "fmuladd", one, other, plus)


def _all(builder: Builder, number: Value) -> Value:
    """A vector of one number sixteen times."""
    only = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), number, ir.IntType(32)(0))
    zeros = ir.Constant(_WHOLE, [0] * LANES)
    return builder.shuffle_vector(only, ir.Constant(_VECTOR, ir.Undefined), zeros)


def _constant(number: float) -> ir.Constant:
    return ir.Constant(_VECTOR, [float(np.float32(number))] * LANES)


def _index(builder: Builder, value: Value, kind: types.Integer) -> Value:
    if kind.bitwidth == 64:
        return value
    grown = builder.sext if kind.signed else builder.zext
    return grown(value, ir.IntType(64))


@intrinsic
def _load(typing: Context, matrix: types.Array, at: types.Integer, width: types.UniTuple) -> Typed:
    count = len(width)

    def made(context: BaseContext, builder: Builder, signature: Signature, given: Values) -> Value:
        at = _index(builder, given[1], signature.args[1])
        row = ir.Constant(ir.ArrayType(_VECTOR, count), ir.Undefined)
        places = _vectors(context, builder, signature.args[0], given[0], at, count)
        for n, place in enumerate(places):
            row = builder.insert_value(row, builder.load(place, align=64), n)
        return row

    return Row(count)(matrix, at, width), made


@intrinsic
def _store(typing: Context, matrix: types.Array, at: types.Integer, row: Row) -> Typed:
    def made(context: BaseContext, builder: Builder, signature: Signature, given: Values) -> Value:
        at = _index(builder, given[1], signature.args[1])
        places = _vectors(context, builder, signature.args[0], given[0], at, row.count)
        for n, place in enumerate(places):
            builder.store(builder.extract_value(given[2], n), place, align=64)
        return context.get_dummy_value()

    return types.void(matrix, at, row), made


@intrinsic
def _nothing(typing: Context, width: types.UniTuple) -> Typed:
    count = len(width)

    def made(context: BaseContext, builder: Builder, signature: Signature, given: Values) -> Value:
        return ir.Constant(ir.ArrayType(_VECTOR, count), [_constant(0)] * count)

    return Row(count)(width), made


@intrinsic
def _added(typing: Context, row: Row, factor: types.Float, other: Row) -> Typed:
    def made(context: BaseContext, builder: Builder, signature: Signature, given: Values) -> Value:
        base, number, more = given
        factors = _all(builder, number)
        for n in range(row.count):
            parts = (builder.extract_value(each, n) for each in (more, base))
            base = builder.insert_value(base, _fma(builder, factors, *parts), n)
        return base

    return row(row, types.float32, other), made


@intrinsic
def _products(
    typing: Context,
    scores: types.Array,
    first: types.Integer,
    v: Row,
    U: types.Array,
    four: types.UniTuple,
) -> Typed:
    """scores[first:first + 4] = v · the four rows of U."""

    def made(context: BaseContext, builder: Builder, signature: Signature, given: Values) -> Value:
        kinds = signature.args
        some = []
        for n in range(4):
            at = _index(builder, builder.extract_value(given[4], n), four.dtype)
            some.append(_vectors(context, builder, kinds[3], given[3], at, v.count))
        sums = [_constant(0)] * 4
        for n in range(v.count):
            part = builder.extract_value(given[2], n)
            for k in range(4):
                sums[k] = _fma(builder, part, builder.load(some[k][n], align=64), sums[k])
        data = context.make_array(kinds[0])(context, builder, value=given[0]).data
        place = builder.gep(data, [given[1]])
        place = builder.bitcast(place, ir.VectorType(_FLOAT, 4).as_pointer())
        builder.store(_four_sums(builder, sums), place, align=4)
        return context.get_dummy_value()

    return types.void(scores, types.int64, v, U, four), made


def _four_sums(builder: Builder, sums: list[Value]) -> Value:
    """The sums of four vectors as one vector of four."""

    def picked(one: Value, other: Value, places: list[int]) -> Value:
        mask = ir.Constant(ir.VectorType(ir.IntType(32), len(places)), places)
        return builder.shuffle_vector(one, other, mask)

    length = LANES
    while length > 4:
        length //= 2
        low, high = list(range(length)), list(range(length, 2 * length))
        sums = [builder.fadd(picked(s, s, low), picked(s, s, high)) for s in sums]
    pairs = [
        builder.fadd(picked(x, y, [0, 4, 1, 5]), picked(x, y, [2, 6, 3, 7]))
        for x, y in (sums[:2], sums[2:])
    ]  # x02 y02 x13 y13
    one, other = pairs
    return builder.fadd(picked(one, other, [0, 1, 4, 5]), picked(one, other, [2, 3, 6, 7]))


@intrinsic
def _slopes(
    typing: Context,
    scores: types.Array,
    signs: types.Array,
    weights: types.Array,
    first: types.Integer,
) -> Typed:
    """Sixteen slopes from ``first`` on."""

    def made(context: BaseContext, builder: Builder, signature: Signature, given: Values) -> Value:
        places = []
        for kind, value in zip(signature.args[:3], given[:3], strict=True):
            data = context.make_array(kind)(context, builder, value=value).data
            place = builder.gep(data, [given[3]])
            places.append(builder.bitcast(place, _VECTOR.as_pointer()))
        score, sign, weight = (builder.load(place, align=4) for place in places)
        sigmoid = _sigmoid(builder, builder.fmul(sign, score))
        slope = builder.fmul(builder.fmul(sigmoid, sign), weight)
        builder.store(slope, places[0], align=4)
        return context.get_dummy_value()

    return types.void(scores, signs, weights, types.int64), made


def _sigmoid(builder: Builder, z: Value) -> Value:
    """exp(min(z, 0)) / (1 + exp(−|z|)); NaN of NaN."""
    negative = builder.fneg(_called(builder, "fabs", z))
    small = _exp(builder, negative)
    is_positive = builder.fcmp_ordered(">=", z, _constant(0))
    over = builder.select(is_positive, _constant(1), small)
    sigmoid = builder.fdiv(over, builder.fadd(_constant(1), small))
    return builder.select(builder.fcmp_ordered("ord", z, z), sigmoid, z)


def _exp(builder: Builder, x: Value) -> Value:
    """The exponential of numbers up to 0: 2^n exp(r), |r| at most half a logarithm of 2."""
    least = builder.fcmp_ordered(">", x, _constant(-105))
    x = builder.select(least, x, _constant(-105))  # NaN as well: no whole number is made of it
    n = _called(builder, "rint", builder.fmul(x, _constant(1 / np.log(2))))
    r = x
    for part in _LN2:
        r = _fma(builder, n, _constant(-part), r)
    value = _constant(_EXP[0])
    for factor in _EXP[1:]:
        value = _fma(builder, value, r, _constant(factor))
    whole = builder.fptosi(n, _WHOLE)
    half = builder.ashr(whole, ir.Constant(_WHOLE, [1] * LANES))
    for part in (half, builder.sub(whole, half)):  # twice, for results below the normal ones
        bits = builder.add(part, ir.Constant(_WHOLE, [127] * LANES))
        bits = builder.shl(bits, ir.Constant(_WHOLE, [23] * LANES))
        value = builder.fmul(value, builder.bitcast(bits, _VECTOR))
    return value


@intrinsic
def _prefetch(
    typing: Context, matrix: types.Array, at: types.Integer, width: types.UniTuple
) -> Typed:
    count = len(width)

    def made(context: BaseContext, builder: Builder, signature: Signature, given: Values) -> Value:
        at = _index(builder, given[1], signature.args[1])
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        called = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        for place in _vectors(context, builder, signature.args[0], given[0], at, count):
            builder.call(called, [builder.bitcast(place, byte), number(0), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(matrix, at, width), made


@overload(center_steps.load, strict=False)
def _load_row(matrix: types.Array, at: types.Integer, width: types.UniTuple) -> Overload:
    return lambda matrix, at, width: _load(matrix, at, width)


@overload(center_steps.store, strict=False)
def _store_row(matrix: types.Array, at: types.Integer, row: Row) -> Overload:
    return lambda matrix, at, row: _store(matrix, at, row)


@overload(center_steps.nothing, strict=False)
def _no_row(matrix: types.Array, width: types.UniTuple) -> Overload:
    return lambda matrix, width: _nothing(width)


@overload(center_steps.added, strict=False)
def _added_row(row: Row, factor: types.Float, other: Row) -> Overload:
    return lambda row, factor, other: _added(row, np.float32(factor), other)


@overload(center_steps.prefetch, strict=False)
def _prefetch_row(matrix: types.Array, at: types.Integer, width: types.UniTuple) -> Overload:
    return lambda matrix, at, width: _prefetch(matrix, at, width)


@overload(center_steps.larger, strict=False)
def _larger(one: types.Float, other: types.Number) -> Overload:
    return lambda one, other: max(one, np.float32(other))


@overload(center_steps.products, strict=False)
def _four_products(
    scores: types.Array,
    first: types.Integer,
    count: types.Integer,
    v: Row,
    U: types.Array,
    rows: types.Array,
    width: types.UniTuple,
) -> Overload:
    def four(
        scores: Floats, first: int, count: int, v: Floats, U: Floats, rows: Words, width: Width
    ) -> None:
        last = count - 1
        a, b = rows[first], rows[min(first + 1, last)]
        c, d = rows[min(first + 2, last)], rows[min(first + 3, last)]
        _products(scores, first, v, U, (a, b, c, d))

    return four


@overload(center_steps.slopes, strict=False)
def _all_slopes(
    scores: types.Array, signs: types.Array, weights: types.Array, count: types.Integer
) -> Overload:
    def every(scores: Floats, signs: Floats, weights: Floats, count: int) -> None:
        for first in range(0, count, LANES):
            _slopes(scores, signs, weights, first)

    return every
