"""The one door to a target: a reverse proxy in a process of its own, which holds a run to its limits."""
