"""The spec and its reader: the one package that both scripts/ and contract_tests/ import."""
