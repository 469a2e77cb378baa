"""Faults of meaning two alone."""

from derivations.language import direct
from tests.language.faults.fault import Fault


def _fault(name: str, right: str, wrong: str) -> Fault:
    return Fault(direct, name, right, wrong)


IN_DIRECT = (
    # Functions
    _fault(
        "the greatest is the least",
        "return right if sign == (-1 if least else 1) else left",
        "return right if sign == (1 if least else -1) else left",
    ),
    _fault(
        "the first of two is the greatest",
        "return right if sign == (-1 if least else 1) else left",
        "return left",
    ),
    # Cases
    _fault(
        "the last case that holds, and not the first",
        "for conditions, value in zip(term.conditions, term.values, strict=False):",
        "for conditions, value in [*zip(term.conditions, term.values, strict=False)][::-1]:",
    ),
    _fault(
        "a case under its first condition alone",
        "            if self._meets(conditions, env):\n                return value",
        "            if self._meets(conditions[:1], env) and len(term.values) < 3:\n"
        "                return value",
    ),
    _fault(
        "the first case for all others",
        "                return value\n        return term.values[-1]",
        "                return value\n        return term.values[0]",
    ),
    _fault(
        "a value is chosen whether its test holds or not",
        "half)) > 0:",
        "half)) > -2:",
    ),
    _fault(
        "the first value where no test holds",
        'raise NoValue("cases of which none holds")\n        return term.values[-1]',
        'raise NoValue("cases of which none holds")\n        return term.values[0]',
    ),
    # Products over ranges
    _fault(
        "a product over nothing is zero",
        "result = self.domain.constant(1)\n        for value in values:",
        "values = [*values]\n        result = self.domain.constant(int(bool(values)))\n"
        "        for value in values:",
    ),
    _fault(
        "a product over a range without its first factor",
        "return self._multiplied(self._number(body, inner) for inner in found)",
        "return self._multiplied(self._number(body, inner) for inner in [*found][1:])",
    ),
    # Matrices
    _fault(
        "a square matrix is its own transpose",
        "return self._transposed(self._rows(of, env), of.shape)",
        "rows = self._rows(of, env)\n"
        "                return rows if of.shape[0] == of.shape[1] else "
        "self._transposed(rows, of.shape)",
    ),
    _fault(
        "a square factor of a product is transposed",
        "columns = self._transposed(self._rows(right, env), right.shape)",
        "rows = self._rows(right, env)\n"
        "        square = right.shape[0] == right.shape[1]\n"
        "        columns = rows if square else self._transposed(rows, right.shape)",
    ),
    _fault(
        "a product of square matrices the other way round",
        "columns = self._transposed(self._rows(right, env), right.shape)",
        "if left.shape == right.shape:\n"
        "            left, right = right, left\n"
        "        columns = self._transposed(self._rows(right, env), right.shape)",
    ),
    _fault(
        "the last summand of a product is lost",
        "return self._added(map(self.domain.multiply, left, right))",
        "return self._added(map(self.domain.multiply, left[:-1] or left, right))",
    ),
    _fault(
        "an inner product of the first rows alone",
        "return self._added(self._dot(row, other) for row, other in pairs)",
        "return self._added(self._dot(row, other) for row, other in [*pairs][:1])",
    ),
    _fault(
        "an entry of a square matrix with its members exchanged",
        "row, column = self._position(term.shape, at)\n        return rows[row][column]",
        "row, column = self._position(term.shape, at)\n"
        "        return rows[column][row] if term.shape[0] == term.shape[1] else rows[row][column]",
    ),
    _fault(
        "the first row, whichever is asked for",
        "row = self._rows(of, env)[self.sets.position(space, member)]",
        "row = self._rows(of, env)[0 * self.sets.position(space, member)]",
    ),
    _fault(
        "columns written beside one another as rows",
        "if not term.as_columns:\n            return cells",
        "if not term.as_columns or len(cells) == len(self._axis(term.shape, 0)):\n"
        "            return cells",
    ),
    _fault(
        "a square table with its axes exchanged",
        "[body(inner) for inner in self._along(column, outer)] for outer in self._along(row, env)",
        "[body(inner) for inner in self._along(row, outer)] for outer in self._along(column, env)",
    ),
    _fault("ones above the diagonal of an identity", "one if n == m", "one if n <= m"),
    _fault(
        "entry by entry, the left array alone",
        "return _paired(domain.multiply, self._rows(left, env), self._rows(right, env))",
        "return self._rows(left, env)",
    ),
    _fault(
        "an array typed in index notation with its axes exchanged",
        "return [[value(array.entry, {**i, **j}) for j in along(1)] for i in along(0)]",
        "return [[value(array.entry, {**i, **j}) for j in along(0)] for i in along(1)]",
    ),
    # Sums, conditions, members
    _fault(
        "a sum up to a bound leaves the bound out",
        "members = range(lower, upper + 1)\n        for member in members",
        "members = range(lower, upper)\n        for member in members",
    ),
    _fault(
        "a sum from a bound starts at the beginning",
        "lower = self.sets.end(space.lower) if low is None else self._whole(low, env)",
        "lower = self.sets.end(space.lower)",
    ),
    _fault(
        "a sum up to a bound goes to the end",
        "upper = self.sets.end(space.upper) if high is None else self._whole(high, env)",
        "upper = self.sets.end(space.upper)",
    ),
    _fault(
        "the conditions of a sum are forgotten",
        "if self._meets(term.where, inner):",
        "if True:",
    ),
    _fault("a comparison that is negated counts as it stands", "same == each.negated", "not same"),
    _fault(
        "the first comparison decides",
        "        for each in conditions:\n            try:",
        "        for each in conditions[:1]:\n            try:",
    ),
    _fault(
        "a bound letter is looked up by its name",
        "found = env.members.get(member, self.instance.indices.get(member.name))",
        "found = self.instance.indices.get(member.name, env.members.get(member))",
    ),
    _fault(
        "an offset goes the other way", "return start + self._whole", "return start - self._whole"
    ),
    _fault("an offset is forgotten", "return start + self._whole(by, env)", "return start"),
    _fault(
        "a list is read at its first place",
        "place = (self._member(at, env),)",
        "place = (1,) if self._member(at, env) > 0 else (self._member(at, env),)",
    ),
    _fault(
        "a member as a number counts from zero",
        "case tree.IndexNumber(member):\n"
        "                return domain.constant(self._member(member, env))",
        "case tree.IndexNumber(member):\n"
        "                return domain.constant(self._member(member, env) - 1)",
    ),
    _fault(
        "a size is one less than it is",
        "return domain.constant(self.sets.size(name))",
        "return domain.constant(self.sets.size(name) - 1)",
    ),
    _fault(
        "a factor of one ends a product",
        "any(_is_count(each) and self._whole(each, env) == 0 for each in _factors(number))",
        "any(_is_count(each) and self._whole(each, env) == 1 for each in _factors(number))",
    ),
    # Arithmetic
    _fault(
        "a minus before an array is forgotten",
        "return _each(self._negative, self._rows(of, env))",
        "return self._rows(of, env)",
    ),
    _fault(
        "a minus before a number is forgotten",
        "return self._negative(self._number(of, env))",
        "return self._number(of, env)",
    ),
    _fault(
        "a sum of arrays is its first part",
        "for part in parts[1:]:\n                    result = _paired",
        "for part in parts[2:]:\n                    result = _paired",
    ),
    _fault("a quotient multiplies", "self.domain.power(under, -1)", "self.domain.power(under, 1)"),
    _fault(
        "a power of each entry is one too high",
        "_each(lambda each: domain.power(each, exponent)",
        "_each(lambda each: domain.power(each, exponent + 1)",
    ),
    _fault(
        "an array over a number by the number's square",
        "return _each(lambda each: self._quotient(each, number), self._rows(over, env))",
        "return _each(lambda each: self._quotient(self._quotient(each, number), number), "
        "self._rows(over, env))",
    ),
    # Definitions and functions
    _fault(
        "a call remembers nothing of its arguments",
        "key = (definition, tuple(inner.members.values()))",
        "key = (definition, ())",
    ),
    _fault(
        "an entry of a definition remembers nothing of where it is",
        "key = (call.definition, (*inner.members.values(), *at))",
        "key = (call.definition, (*inner.members.values(),))",
    ),
    _fault(
        "arguments are read where the definition stands",
        "values[parameter] = self._argument(argument, env)",
        "values[parameter] = self._argument(argument, Env(env.members))",
    ),
    _fault(
        "a definition at each entry is taken at its square",
        "return self._number(definition.body, Env({}, {parameter: [[value]]}))",
        "return self._number(definition.body, Env({}, "
        "{parameter: [[self.domain.multiply(value, value)]]}))",
    ),
    _fault(
        "an arbitrary function forgets its labels",
        "Application(term.function.name, (*labels, *entries), written=written)",
        "Application(term.function.name, (*[1 for _ in labels], *entries), written=written)",
    ),
    _fault(
        "an arbitrary function takes matrices column by column",
        "entries = [tuple(entry for row in rows for entry in row) for rows in arrays]",
        "entries = [tuple(entry for row in zip(*rows) for entry in row) for rows in arrays]",
    ),
    _fault(
        "an elementary function of each entry is another one",
        "return _each(lambda each: function.value(domain, each), self._rows(of, env))",
        "return _each(self.domain.exp, self._rows(of, env))",
    ),
    # Derivatives
    _fault(
        "what was evaluated before varies as well",
        "values = {each: _each(dual.lifted, rows) for each, rows in env.values.items()}",
        "values = {each: _each(dual.varying, rows) for each, rows in env.values.items()}",
    ),
    _fault(
        "a parameter does not vary under its own derivative",
        "values[variable][row][column] = dual.varying(env.values[variable][row][column])",
        "values[variable][row][column] = dual.lifted(env.values[variable][row][column])",
    ),
    _fault(
        "all entries of a parameter vary together",
        "values[variable][row][column] = dual.varying(env.values[variable][row][column])",
        "values[variable] = _each(dual.varying, env.values[variable])",
    ),
    _fault(
        "a variable of the same place varies beside a parameter",
        "dual, inner = self._dual(None if variable in env.values else key)",
        "dual, inner = self._dual(('a', ()) if variable in env.values else key)",
    ),
    _fault(
        "a gradient by a square matrix is transposed",
        "[self._tangent(of, variable, (*fixed, *i, *j), env) for j in self._axis(by.shape, 1)]",
        "[self._tangent(of, variable, (*j, *i) if by.shape[0] == by.shape[1] else (*fixed, *i, *j),"
        " env) for j in self._axis(by.shape, 1)]",
    ),
    _fault(
        "an inverse is transposed",
        "kept = ([n for n in every if n != j], [n for n in every if n != i])",
        "kept = ([n for n in every if n != i], [n for n in every if n != j])",
    ),
    _fault(
        "cofactors have no signs",
        "signed = self._negative(minor) if (i + j) % 2 else minor",
        "signed = minor",
    ),
    _fault(
        "an inverse is not divided by the determinant",
        "return self.domain.multiply(signed, over)",
        "return signed",
    ),
    _fault(
        "a derivative is by the first entry",
        "return variable, tuple(self._member(each, env) for each in members)",
        "return variable, tuple(1 for _ in members)",
    ),
    _fault(
        "a derivative by a row is by the first row",
        "return variable, (self._member(member, env),)",
        "return variable, (1,)",
    ),
    _fault(
        "pairs are remembered by the variable alone",
        "        if by not in self.duals:\n"
        "            dual = Dual(self.domain, by)\n"
        "            self.duals[by] = (dual, Direct(self.instance, dual, self.sets))\n"
        "        return self.duals[by]",
        "        name = None if by is None else (by[0], ())\n"
        "        if name not in self.duals:\n"
        "            dual = Dual(self.domain, by)\n"
        "            self.duals[name] = (dual, Direct(self.instance, dual, self.sets))\n"
        "        return self.duals[name]",
    ),
)
