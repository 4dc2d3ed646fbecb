"""Tests of scripts/drift/."""
