"""How hypothesis explores. A property says nothing of its number of examples: the profile does."""

import os

from hypothesis import HealthCheck, Phase, settings

# The gate: the same examples every time, so that a failure is the fault of the change at hand.
settings.register_profile("gate", deadline=None, derandomize=True, print_blob=True)

# `.ci/long fuzz`: many, and other ones every time; what failed is kept in .hypothesis and tried first.
settings.register_profile(
    "long",
    deadline=None,
    max_examples=int(os.environ.get("WENZE_FUZZ_EXAMPLES", "2000")),
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

# `.ci/long mutation`: a failure is enough, the smallest one is not looked for.
settings.register_profile(
    "mutation", deadline=None, derandomize=True, max_examples=40, database=None, phases=[Phase.explicit, Phase.generate]
)

settings.load_profile("gate")
