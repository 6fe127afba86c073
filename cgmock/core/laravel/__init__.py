"""Requests, validation rules and responses of the Laravel framework."""
