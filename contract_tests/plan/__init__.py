"""The requests that we send: valid ones that try every documented choice, and ones with one thing wrong."""
