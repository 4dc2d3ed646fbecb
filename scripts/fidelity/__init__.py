"""Holds generated code to the spec."""
