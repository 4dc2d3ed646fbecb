"""Tests of scripts/chromium/."""
