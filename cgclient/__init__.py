"""A minimal client for the CustomerGauge imports API."""
