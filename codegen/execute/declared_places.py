"""The places at which emitted text depends on an extent or on a call, and what each is for.

Kept by hand: what `uniform.py` finds beside them is an error, and so is one that is not there.
"""

from __future__ import annotations

from codegen.execute.uniformity import Place

# file: what it is for; function: what there depends on an extent
DECLARED: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "_runtime/arguments.py": (
        "checks of arguments, which raise or leave the values as they are",
        {
            "_array": ("try:",),
            "_integers": (
                "array.size == 0",
                "if array.size == 0 and (not isinstance(value, np.ndarray)):",
            ),
            "in_place": ("if not isinstance(value, np.ndarray) or value.dtype not in _NUMBERS:",),
            "parameters": (
                "if (good := ready(given, _NUMBERS)):",
                "if len(set(dtypes.values())) > 1:",
                "len(set(dtypes.values())) > 1",
                "next(iter(dtypes.values()), np.float64)",
            ),
            "word": ("try:",),
        },
    ),
    "_runtime/entries.py": (
        "how many axes there are, not how long they are",
        {
            "_place": (
                "if values.ndim == 1:",
                "if values.ndim == 2:",
                "values.ndim == 1",
                "values.ndim == 2",
            ),
            "sum_without": (
                "if shape not in ((), leading) and np.broadcast_shapes(leading, shape) != leading:",
                "np.broadcast_shapes(leading, shape) != leading",
                "shape not in ((), leading)",
            ),
        },
    ),
    "_runtime/parts.py": (
        "tiles of a workspace, and parts that caches hold: _CACHE, _GATHERED",
        {
            "_in_turn": (
                "for start in range(0, places, size):",
                "found[len(results):]",
                "if places <= size:",
                "places <= size",
            ),
            "by_parts": (
                "_CACHE // max(large[:1].nbytes, 1)",
                "large[:1]",
                "max(1, _CACHE // max(large[:1].nbytes, 1))",
                "max(large[:1].nbytes, 1)",
            ),
            "by_places": (
                "-gathered // _GATHERED",
                "-len(lists[0]) // max(1, -(-gathered // _GATHERED))",
                "matrix[:1]",
                "max(1, -(-gathered // _GATHERED))",
            ),
            "in_tiles": (
                "each[start:start + pairs]",
                "for start in range(0, len(words[0]), pairs):",
            ),
            "is_too_small": (
                "if not isinstance(work, Workspace):",
                "vars(work)",
                "vars(work).setdefault",
                "if work.grad_U.shape != U.shape or work.grad_U.dtype != U.dtype:",
                "len(work.scores) < pairs",
                "work.grad_U.shape != U.shape",
            ),
            "memory": ("work.scores[:pairs]",),
            "module": ("from threading import get_ident",),
        },
    ),
    "_runtime/products.py": (
        "products that overflowed, some at a time: _CHUNK; a number alone is no array",
        {
            "guarded": (
                "for start in range(0, len(overflowed), _CHUNK):",
                "if isfinite(products if products.ndim == 0 else np.vdot(products, products)):",
                "left[place]",
                "np.unravel_index(some, mended.shape) if mended.shape else ()",
                "overflowed[start:start + _CHUNK]",
                "products if products.ndim == 0 else np.vdot(products, products)",
                "products.ndim == 0",
                "right[place]",
            ),
            "weigh": ("if isfinite(np.vdot(products, products)):",),
        },
    ),
    "_runtime/rows.py": (
        "words that are listed by a table or by sorting; few words: OFTEN",
        {
            "_distinct": (
                "if most > 64 * len(words) + 4096:",
                "most > 64 * len(words) + 4096",
            ),
            "_places": ("rows[-1] + 1 if len(rows) else 0",),
            "dense": ("if len(self.rows) and self.rows[-1] >= N:",),
            "row_sums": (
                "if len(sums.words) <= OFTEN:",
                "len(sums.words) <= OFTEN",
            ),
        },
    ),
    "_runtime/scatter.py": (
        "words that occur often, added in runs: OFTEN, _RUN, _RUNS; lists of one, or empty",
        {
            "_begins": (
                "begins[1:]",
                "words[1:]",
                "words[:-1]",
            ),
            "_beside": (
                "if len(alike) == 1:",
                "len(alike) == 1",
            ),
            "_block": (
                "if rows.shape[:-1] != words.shape:",
                "if weights is None or np.ndim(weights) == 0:",
                "rows.shape[:-1] != words.shape",
                "words.size // length",
                "words.size // length if length else 0",
            ),
            "_column": (
                "terms.starts[1:]",
                "terms.starts[:-1]",
            ),
            "_in_pairs": ("rank % (2 * step) == step",),
            "_joined": (
                "arrays[0] if len(arrays) == 1 else np.concatenate(arrays)",
                "len(arrays) == 1",
            ),
            "_sparse_product": (
                "cache",
                "try:",
            ),
            "added": (
                "if len(run) <= _RUNS and runs.max() <= OFTEN:",
                "if len(terms.rows) == 1 and (len(terms.words) <= OFTEN or "
                "terms.rows.dtype == np.float32):",
                "len(run) <= _RUNS",
                "len(terms.rows) == 1",
                "len(terms.words) <= OFTEN",
                "np.arange(len(found)) % _RUN == 0",
                "sums[:N]",
                "sums[N:]",
            ),
            "columns": (
                "found.setdefault",
                "id(rows)",
            ),
            "in_order": ("np.add.reduceat(rows, first, axis=0) if len(rows) else rows",),
        },
    ),
    "_runtime/shapes.py": (
        "checks of shapes, which raise",
        {
            "_shown": (
                "',' if len(shape) == 1 else ''",
                "len(shape) == 1",
            ),
            "check_shapes": (
                "array.ndim != len(wanted)",
                "if array.ndim != len(wanted):",
                "lengths.setdefault",
            ),
            "ready": (
                "array.ndim != len(shape)",
                "if not shape and len(dtypes) == 1 and _is_plain(array):",
                "if type(array) is not np.ndarray or array.dtype not in dtypes or "
                "array.ndim != len(shape):",
                "len(dtypes) == 1",
                "length != known",
                "length == 0",
                "lengths.setdefault",
                "lengths.setdefault(axis, length) if isinstance(axis, str) else axis",
            ),
        },
    ),
    "_runtime/windows.py": (
        "how far a window reaches, and a shape that is none",
        {
            "reach": (
                "if more < 0 or more % 2:",
                "more % 2",
                "more // 2",
                "more < 0",
            ),
        },
    ),
    "compiled/__init__.py": (
        "whether Numba is there",
        {
            "module": (
                "from importlib.util import find_spec",
                "if find_spec('numba') is None:",
            ),
        },
    ),
    "compiled/_runtime/compiling.py": (
        "what is compiled is kept; how many axes there are, not how long they are",
        {
            "_settled": (
                "if value.flags.c_contiguous and value.flags.aligned and value.ndim:",
                "np.require(value, requirements=('C', 'A')) if value.ndim else value[()]",
            ),
            "attempt": ("()", "try:"),
            "by_width": ("single if getattr(value, 'dtype', value) == numba.float32 else double",),
            "make": ("()", "self.call = self.compiled"),
            "module": (
                "_COMPILING = Lock()",
                "from contextlib import suppress",
                "from numba.extending import overload",
                "from threading import Lock",
                "import numba",
            ),
            "settled": ("()",),
        },
    ),
    "compiled/_runtime/floats.py": (
        "constants; numbers that are out of the range of a function; the place of the largest one",
        {
            "_exp_in_double": (
                "_LEAST if z < _LEAST else z",
                "_MOST if z > _MOST else z",
            ),
            "_exp_in_single": (
                "_LEAST_IN_SINGLE if x < _LEAST_IN_SINGLE else x",
                "_MOST_IN_SINGLE if z > _MOST_IN_SINGLE else z",
            ),
            "_place_of_largest": ("whole(w) if order(row[w]) == most else last",),
            "log1p": ("z if z > _LARGEST else found",),
            "module": (
                "_ALL_BUT_SIGN = np.int64(2 ** 63 - 1)",
                "_ALL_BUT_SIGN_IN_SINGLE = np.int32(2 ** 31 - 1)",
                "_A1, _A2, _A3, _A4, _A5, _A6, _A7, _A8, _A9, _A10 = "
                "(2 / n for n in range(3, 22, 2))",
                "_FACTORIALS = tuple((1 / math.factorial(n) for n in range(3, 14)))",
                "_INVERSE = 1 / math.log(2)",
                "_INVERSE_IN_SINGLE = np.float32(_INVERSE)",
                "_LEAST_IN_SINGLE, _MOST_IN_SINGLE = (np.float32(-104), np.float32(89))",
                "_LOG_2_LOWER = np.float32(math.log(2) - float.fromhex('0x1.62e4p-1'))",
                "_LOG_2_UPPER = np.float32(float.fromhex('0x1.62e4p-1'))",
                "_S1, _S2, _S3, _S4, _S5, _S6, _S7 = "
                "(np.float32(1 / math.factorial(n)) for n in range(1, 8))",
                "_WHOLE_IN_SINGLE = np.float32(1.5 * 2.0 ** 23)",
                "argmax = by_width(_place_of_largest(_order_in_single, np.int32), "
                "_place_of_largest(_order_in_double, np.int64))",
                "exp = by_width(_exp_in_single, _exp_in_double)",
                "_LARGEST = float(np.finfo(np.float64).max)",
                "_LOG_2_HIGH = float.fromhex('0x1.62e42feep-1')",
                "_LOG_2_LOW = float.fromhex('0x1.a39ef35793c76p-33')",
            ),
            "weigh": ("type(value)(0) if weight == 0 and math.isinf(value) else found",),
        },
    ),
    "compiled/_runtime/memory.py": (
        "memory of a workspace for so many pairs",
        {"room": ("work.scores[:pairs]",)},
    ),
    "compiled/_runtime/rows.py": (
        "sums of rows, some of their numbers at a time: _BLOCK; both sides of an entry",
        {
            "total": (
                "for i in range(blocks * _BLOCK, len(x)):",
                "len(x) // _BLOCK",
                "n * _BLOCK",
                "n * _BLOCK + i",
                "x[i]",
                "x[n * _BLOCK + i]",
            ),
            "total_without": (
                "x[:place]",
                "x[place + 1:]",
            ),
        },
    ),
    "compiled/_runtime/words.py": (
        "the bits of 32 words to a number: row sums are run with words far apart",
        {
            "listed": (
                "32 * n",
                "32 * n + _ones(last - 1)",
                "places[word]",
            ),
        },
    ),
    "compiled/naive_softmax.py": (
        "a batch for which a workspace is too small, in tiles",
        {
            "batch_value_and_grad": (
                "if work is not None and is_too_small(work, len(centers), U):",
            ),
        },
    ),
    "jax/__init__.py": (
        "whether JAX is there",
        {
            "module": (
                "from importlib.util import find_spec",
                "if find_spec('jax') is None:",
            ),
        },
    ),
    "jax/_runtime/arguments.py": (
        "checks of arguments, which raise or leave the values as they are",
        {
            "_integers": (
                "array.size == 0",
                "if array.size == 0 and (not hasattr(value, 'dtype')):",
            ),
            "parameters": (
                "if len(set(dtypes.values())) > 1:",
                "len(set(dtypes.values())) > 1",
                "next(iter(dtypes.values()), np.result_type(0.0))",
            ),
            "word": ("if array.ndim:",),
        },
    ),
    "jax/_runtime/entries.py": (
        "one entry of each row, wherever that is",
        {"replaced": ("np.arange(values.shape[-1]) == np.asarray(index)[..., np.newaxis]",)},
    ),
    "jax/_runtime/products.py": (
        "a choice by whether all products are finite, of values and not of how many there are",
        {"module": ("from jax.lax import cond",)},
    ),
    "jax/_runtime/rules.py": (
        "the names of arguments",
        {"module": ("from inspect import signature",)},
    ),
    "naive_softmax.py": (
        "more pairs than a workspace has memory for are taken in tiles",
        {
            "batch_value_and_grad": (
                "if work is not None and is_too_small(work, len(centers), U):",
            ),
        },
    ),
    "spans.py": (
        "which words are in the window of a center: a condition of the formula",
        {
            "loss": (
                "offset != 0",
                "offset <= after[:, :, np.newaxis]",
                "offset >= (-before)[:, :, np.newaxis]",
            ),
            "sgd_step": (
                "offset != 0",
                "offset <= after[:, :, np.newaxis]",
                "offset >= (-before)[:, :, np.newaxis]",
            ),
            "value_and_grad": (
                "offset != 0",
                "offset <= after[:, :, np.newaxis]",
                "offset >= (-before)[:, :, np.newaxis]",
            ),
            "weights": (
                "offset != 0",
                "offset <= after[:, :, np.newaxis]",
                "offset >= (-before)[:, :, np.newaxis]",
            ),
        },
    ),
}

PLACES = frozenset(
    Place(file, function, text)
    for file, (_, functions) in DECLARED.items()
    for function, texts in functions.items()
    for text in texts
)
