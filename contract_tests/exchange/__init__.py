"""Exchanges and their parts: requests, responses, header fields, bodies, credentials."""
