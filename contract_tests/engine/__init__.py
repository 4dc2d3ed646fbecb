"""One run of Schemathesis, in a process of its own."""
