"""Redocly CLI, in the locked version: its installation and its answers."""
