"""The verifier: what CustomerGauge would store, refuse and lose of an export, before it is sent."""
