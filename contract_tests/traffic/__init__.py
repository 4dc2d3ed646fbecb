"""Exchanges that others made: recordings."""
