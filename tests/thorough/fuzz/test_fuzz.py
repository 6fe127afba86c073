"""100,000 inputs that break no promise."""

from tests.unit.fuzz.test_fuzz import test_some_inputs_break_no_promise
