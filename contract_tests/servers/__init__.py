"""Servers that the suite runs against here."""
