"""The tasks on the spec and on the code generated from it. Nothing here talks to a server."""
