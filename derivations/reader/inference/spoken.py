"""Words of the text that announce a condition, or say that something follows. Data, and matching.

A row more is one more way to say it.
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TOKEN = re.compile(r"[A-Za-z]+|(?<![\d.])0(?![\d.])")
# what makes two things equal; the first ones do so wherever they stand, others right before it
_SETTING = _words("setting equate equating equated sets")
_SET = _words("set put putting let require requires")
_ZERO = _words("zero 0 vanish vanishes vanishing vanished")
# places where a derivative is zero, and equations that say so
_PLACES = _words(
    "optimum optima optimal optimality stationary stationarity critical extremum extrema minimum "
    "minimiser minimizer maximum maximiser maximizer minimise minimize minimising minimizing "
    "maximise maximize maximising maximizing kkt"
)
_EQUATIONS = ("normal equation", "first order", "first-order", "score equation", "set equal")
_FOLLOWING = _words(
    "solve solves solving solved solution solutions gives give giving get gets obtain obtains "
    "obtained yields yield yielding hence therefore thus so then rearranging rearrange rearranged "
    "implies imply implying follows find becomes equivalently multiplying dividing multiply divide "
    "leads result results which substituting plugging inserting"
)
_REASONS = _words(
    "since because as using use under if with given where assume assuming assumed suppose "
    "supposing let subject constraint condition by setting when put putting"
)
_DEFINING = _words("where define defined defining denote denoting definition")
# what stands above a sign of equality that is to hold
SIGNS = frozenset({"!", "set", "?", "must"})
_LAST = 8  # words right before a display


def announces_zero(words: str) -> bool:
    """Whether a paragraph says of a display below it that it is to be zero."""
    found = [each.lower() for each in _TOKEN.findall(words)]
    text = " ".join(found)
    if any(each.replace("-", " ") in text for each in _EQUATIONS):
        return True
    if _SETTING & {*found} or _PLACES & {*found}:
        return True
    if _SET & {*found} and _ZERO & {*found}:
        return True
    return bool((_SET | _words("solve solving")) & {*found[-_LAST:]})


def sets_to_zero(words: str) -> bool:
    """Whether a paragraph says that what was before it is set to zero: ``setting this to zero``."""
    found = {each.lower() for each in _TOKEN.findall(words)}
    return bool((_SETTING | _SET) & found and _ZERO & found)


def announces_result(words: str) -> bool:
    """Whether a paragraph says that what stands below it follows from something."""
    return bool(_FOLLOWING & {each.lower() for each in _TOKEN.findall(words)})


def gives_reason(words: str) -> bool:
    """Whether a paragraph gives what stands in it as a reason, or assumes it."""
    return bool(_REASONS & {each.lower() for each in _TOKEN.findall(words)})


def announces_definition(words: str) -> bool:
    """Whether a paragraph ends in words that say of what stands below it that it defines a name."""
    found = [each.lower() for each in _TOKEN.findall(words)]
    return bool(_DEFINING & {*found[-_LAST:]}) and not announces_result(words)
