"""Rewards for derivations that a language model writes: the part of what is required that is shown.

    python -m examples.reward

`rewards` has the shape that TRL's ``GRPOTrainer(reward_funcs=...)`` takes: completions, and the
columns of the data set by name; here ``given`` is a column of exercises. `reward` has the shape of
a function in a rubric of verifiers. Neither library is needed here.

What counts is a chain of proved lines from one side of a required equality to the other. A model
earns nothing with ``0 = 0``, with a true line that was not asked for, by declaring a loss of its
own or by announcing that its line is wrong; one line that is refuted or has no meaning costs all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from derivations import Report, check, check_many

Message = Mapping[str, object]
Completion = str | Sequence[Message]
WRONG = ("refuted", "ill-typed")


def text_of(completion: Completion) -> str:
    """What was written: the text itself, or that of the messages of a conversation."""
    if isinstance(completion, str):
        return completion
    return "\n\n".join(str(each["content"]) for each in completion if each["role"] == "assistant")


def score(report: Report) -> float:
    """The part of the required equalities that is shown; nothing where a line is wrong."""
    if not report.required or any(line.verdict in WRONG for line in report):
        return 0.0
    return sum(each.shown for each in report.required) / len(report.required)


def rewards(
    completions: Sequence[Completion], given: Sequence[str], seconds: float = 5.0, **_: object
) -> list[float]:
    """A reward for each completion, in their order; ``given`` has the exercise of each."""
    found: list[float] = []
    pairs = zip(given, map(text_of, completions), strict=True)
    for exercise, group in groupby(pairs, key=lambda pair: pair[0]):
        texts = [text for _, text in group]
        found += map(score, check_many(texts, exercise, seconds=seconds))
    return found


def reward(completion: Completion, info: Mapping[str, str], **_: object) -> float:
    """The reward for one completion; ``info["given"]`` is its exercise."""
    return score(check(text_of(completion), info["given"], seconds=5.0))


EXERCISE = """
size n, d >= 1
matrix X in R^{n x d}
vector y in R^n
vector w in R^d
define J(w) = \\frac{1}{2} \\lVert X w - y \\rVert^2
require \\nabla_w J = ...
"""
COMPLETIONS = {
    "right": "So $$\\nabla_w J = X^T (X w - y)$$",
    "wrong": "So $$\\nabla_w J = X (X w - y)$$",
    "true, and not asked for": "$$0 = 0$$",
    "no formula": "I cannot do that.",
}


def main() -> None:
    """Print the rewards of some completions."""
    found = rewards(list(COMPLETIONS.values()), [EXERCISE] * len(COMPLETIONS))
    for name, number in zip(COMPLETIONS, found, strict=True):
        print(f"{number:.2f}  {name}")


if __name__ == "__main__":
    main()
