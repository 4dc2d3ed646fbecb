"""Tests of generated/."""
