"""A Chromium, for the tests that look at reports as people do."""
