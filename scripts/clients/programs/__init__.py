"""One program for each client. They run in environments of their own, and import nothing of the project."""
