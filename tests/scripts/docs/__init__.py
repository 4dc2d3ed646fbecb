"""Tests of scripts/docs/."""
