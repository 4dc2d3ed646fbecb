"""Tests of contract_tests/runtime/."""
