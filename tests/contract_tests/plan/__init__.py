"""Tests of contract_tests/plan/."""
