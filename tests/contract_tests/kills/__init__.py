"""Tests of contract_tests/kills/."""
