"""Tests of scripts/generate/."""
