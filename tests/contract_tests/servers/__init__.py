"""Tests of contract_tests/servers/."""
