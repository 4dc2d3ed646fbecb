"""Tests of scripts/fidelity/."""
