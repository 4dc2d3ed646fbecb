"""Tests of scripts/templates/."""
