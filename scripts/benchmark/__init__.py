"""Times the contract suite beside plain Schemathesis."""
