"""Processes that start fast and end for sure, and servers on the loopback."""
