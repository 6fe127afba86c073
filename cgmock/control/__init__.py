"""Control of a mock: the protocol, and its implementations for this process and for a remote one.

This package imports neither of them, because `remote` needs httpx.
"""
