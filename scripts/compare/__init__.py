"""Compares the client with another package for the same API."""
