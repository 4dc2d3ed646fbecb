"""The contract itself, and what reads it: the one package that both scripts/ and contract_tests/ know."""
