"""Exit codes of the command `cgmock`."""

FINE = 0
FINDINGS = 1
"""A failed check, a difference, a loss, or a required field without a heading."""
USAGE = 2
"""The options, the configuration or a file is invalid."""
COULD_NOT_CHECK = 3
"""A service did not answer, or no check shows anything."""
INTERRUPTED = 130
