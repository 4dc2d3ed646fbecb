"""Tests of contract_tests/traffic/."""
