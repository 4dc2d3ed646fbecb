"""Everything that talks to a server: the suite that holds one against the spec, and the servers to try the suite on."""
