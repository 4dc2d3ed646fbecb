"""Tests of the README and docs/: every command and every Python block runs, and every link leads somewhere."""
