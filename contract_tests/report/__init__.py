"""A result, for people and machines."""
