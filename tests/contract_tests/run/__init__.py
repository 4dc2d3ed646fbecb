"""Tests of contract_tests/run/."""
