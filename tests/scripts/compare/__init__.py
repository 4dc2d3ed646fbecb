"""Tests of scripts/compare/."""
