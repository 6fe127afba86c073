"""What CustomerGauge would decide, as pure functions over plain values.

Nothing in here does I/O, reads a clock or draws a random number, and nothing in here imports anything but the
standard library. `routing.decide` is the only door. Values that are made for every request are named tuples,
because they are made in the hot path; values that are read from a seed are frozen dataclasses.
"""
