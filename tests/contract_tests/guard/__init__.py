"""Tests of contract_tests/guard/."""
