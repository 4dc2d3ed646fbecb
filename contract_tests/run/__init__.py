"""Runs, recordings, replays and dry runs, composed of the other rooms."""
