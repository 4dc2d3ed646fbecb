"""Tests of contract_tests/engine/."""
