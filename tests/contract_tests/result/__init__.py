"""Tests of contract_tests/result/."""
