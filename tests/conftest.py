"""How many examples Hypothesis tries: 100 by default, few while mutants are run."""

from hypothesis import settings

settings.register_profile("mutation", max_examples=20, deadline=None, derandomize=True, database=None)
