"""What is put in place of an operator, a relation or a function. Data."""

import ast

OPERATORS = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "/",
    ast.Div: "*",
    ast.MatMult: "*",
    ast.BitAnd: "|",
    ast.BitOr: "&",
    ast.Mod: "//",
    ast.FloorDiv: "%",
    ast.Pow: "*",
}
RELATIONS = {
    ast.GtE: (">", "<="),
    ast.Gt: (">=", "<"),
    ast.LtE: ("<", ">="),
    ast.Lt: ("<=", ">"),
    ast.Eq: ("!=",),
    ast.NotEq: ("==",),
}
FUNCTIONS = {
    "exp": "expm1",
    "log1p": "log",
    "minimum": "maximum",
    "argmax": "argmin",
    "sum": "max",
    "zeros": "ones",
    "empty": "ones",
    "abs": "negative",
    "sigmoid": "log_sigmoid",
    "log_sigmoid": "sigmoid",
    "overwritten": "replaced",
    "replaced": "overwritten",
    "isfinite": "isnan",
    "all": "any",
    "concatenate": "stack",
    "flatnonzero": "nonzero",
    "cumsum": "diff",
}
SYMMETRIC = ("max", "min", "maximum", "minimum", "broadcast_shapes")  # in their arguments
