"""Access to a live service: the target, the safety rails and the write budget.

The contract suite, the pytest plugin and the verifier share it.
"""
