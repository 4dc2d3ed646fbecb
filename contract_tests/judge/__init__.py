"""Turns exchanges and the contract into failures, findings and tallies: pure functions."""
