"""The server to test: settings, limits, and the values that requests must carry for it."""
