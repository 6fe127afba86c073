"""Servers for a mock: `threaded` for tests, `granian` for `cgmock serve`.

This package imports neither of them, because the fake must be ready before Flask is imported.
"""
