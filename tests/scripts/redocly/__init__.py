"""Tests of scripts/redocly/."""
