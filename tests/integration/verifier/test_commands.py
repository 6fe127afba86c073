"""`cgmock verify` with several processes."""

from tests.unit.verifier.test_commands import lost, test_several_jobs_say_the_same
