"""Exit codes of the command `cgclient`."""

FINE = 0
REFUSED = 1
"""The API refused a record, or it is unknown whether a record was written."""
USAGE = 2
"""The options, the configuration or a file is invalid."""
NOT_DELIVERED = 3
"""The API could not be reached."""
INTERRUPTED = 130
