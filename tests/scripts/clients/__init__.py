"""Tests of scripts/clients/."""
