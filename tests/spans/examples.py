"""How many examples: few, and the same in every run, or many new ones.

HYPOTHESIS_PROFILE=long pytest tests/spans
"""

import os

from hypothesis import HealthCheck, settings

SEEDED = settings(
    max_examples=25, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)
LONG = settings(SEEDED, max_examples=3000, derandomize=False)
EXAMPLES = LONG if os.environ.get("HYPOTHESIS_PROFILE") == "long" else SEEDED
