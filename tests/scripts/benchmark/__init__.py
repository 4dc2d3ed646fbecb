"""Tests of scripts/benchmark/."""
