"""One contract for the mock, the live service and anybody's fake, and the ledger of what was seen."""
