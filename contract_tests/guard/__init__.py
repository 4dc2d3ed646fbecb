"""The one door to a target: a reverse proxy of this machine, in a process of its own, that holds a run to its limits."""
