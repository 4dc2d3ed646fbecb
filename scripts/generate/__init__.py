"""Generates the models and the client from the spec."""
