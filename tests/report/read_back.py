"""Reads the notation of rational expressions back and evaluates it, to check the printer."""

import re
from fractions import Fraction

TOKEN = re.compile(r"\s*(Σ_\{[^}]*\}|\d+|[a-z]|[()\[\]|=≠+−/]|[⁰¹²³⁴-⁹]+)")
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
STARTS = re.compile(r"\d+|[a-z]|[(\[]|Σ.*")


class Reader:
    """Recursive descent; what it knows of precedence is stated here and nowhere else."""

    def __init__(self, text: str) -> None:
        self.tokens = [match[1] for match in TOKEN.finditer(text)]
        assert "".join(self.tokens).replace(" ", "") == text.replace(" ", "")
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.peek()
        assert not expected or token == expected, (token, expected)
        self.at += 1
        return token

    def value(self, names: dict[str, Fraction]) -> Fraction:
        """A few terms."""
        sign = -1 if self.peek() == "−" and self.take() else 1
        result = sign * self.term(names)
        while self.peek() in ("+", "−"):
            sign = -1 if self.take() == "−" else 1
            result += sign * self.term(names)
        return result

    def term(self, names: dict[str, Fraction]) -> Fraction:
        """Factors side by side, and at most one divisor."""
        result = self.factor(names)
        while STARTS.fullmatch(self.peek()):
            result *= self.factor(names)
        if self.peek() == "/":
            self.take()
            result /= self.power(names)
        return result

    def factor(self, names: dict[str, Fraction]) -> Fraction:
        """A sum reads on to the end of its term."""
        head = re.fullmatch(r"Σ_\{(\w)=(\d+)\.\.(\d+)((?:, \w≠[^,]+)*)\}", self.peek())
        if head is None:
            return self.power(names)
        self.take()
        left_out = [read_back(part.split("≠")[1], names) for part in head[4].split(",")[1:]]
        start, result = self.at, Fraction(0)
        for member in range(int(head[2]), int(head[3]) + 1):
            self.at = start
            value = self.term({**names, head[1]: Fraction(member)})
            result += 0 if member in left_out else value
        return result

    def power(self, names: dict[str, Fraction]) -> Fraction:
        base = self.atom(names)
        if self.peek() and self.peek()[0] in "⁰¹²³⁴⁵⁶⁷⁸⁹":
            return base ** int(self.take().translate(SUPERSCRIPTS))
        return base

    def atom(self, names: dict[str, Fraction]) -> Fraction:
        token = self.take()
        if token == "(":
            result = self.value(names)
            self.take(")")
            return result
        if token == "[":
            left, relation, right = self.value(names), self.take(), self.value(names)
            self.take("]")
            return Fraction((left == right) == (relation == "="))
        return Fraction(token) if token.isdecimal() else names[token]


def read_back(text: str, names: dict[str, Fraction]) -> Fraction:
    """The value of ``text``, all of it."""
    reader = Reader(text)
    result = reader.value(names)
    assert reader.at == len(reader.tokens), reader.tokens[reader.at :]
    return result
