"""Tests of scripts/load/."""
