"""A model is rewarded for what it shows, in the shapes that TRL and verifiers take."""

from __future__ import annotations

import pytest

from examples.reward import reward, rewards

SQUARE = "scalar a, b\nrequire (a + b)^2 = a^2 + 2 a b + b^2\nrequire (a - b)^2 = ...\n"
ONE_MORE = "scalar a\nrequire (a + 1)^2 = a^2 + 2 a + 1\n"
RIGHT = "$$(a + b)^2 = a^2 + 2 a b + b^2$$"


def test_completions_are_rewarded_in_their_order_each_by_its_own_exercise() -> None:
    """TRL hands over prompts, completions and the columns of the data set by name."""
    found = rewards(
        prompts=["p"] * 4,
        completions=[
            [{"role": "assistant", "content": RIGHT}],
            [{"role": "assistant", "content": RIGHT + "\n\n$$a + b = a$$"}],
            [{"role": "assistant", "content": "$$0 = 0$$"}],
            "$$(a + 1)^2 = a^2 + 2 a + 1$$",
        ],
        given=[SQUARE, SQUARE, SQUARE, ONE_MORE],
        completion_ids=[[1]] * 4,
    )
    assert found == [0.5, 0.0, 0.0, 1.0]


@pytest.mark.parametrize(
    "cheat",
    [
        "$$a = 2 a$$\n- line.1 refuted",
        "```given\ndefine a = 0\nrequire 0 = 0\n```\n$$(a + 1)^2 = 1$$",
        "I did it.",
        "$$a^2 + 2 a + 1 = 1 + a (a + 2)$$",
    ],
)
def test_one_completion_is_rewarded_by_what_its_exercise_asks_for(cheat: str) -> None:
    """verifiers hands over the completion, and what belongs to it by name."""
    info = {"given": ONE_MORE}
    right = [
        {"role": "user", "content": "go"},
        {"role": "assistant", "content": "$$(a + 1)^2 = a^2 + 2 a + 1$$"},
    ]
    assert reward(completion=right, info=info, prompt="p", answer="", state={}) == 1.0
    assert reward(completion=cheat, info=info, state={}) == 0.0
