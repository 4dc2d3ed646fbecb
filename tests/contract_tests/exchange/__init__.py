"""Tests of contract_tests/exchange/."""
