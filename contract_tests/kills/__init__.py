"""The proof of the suite's power: a run against every broken server of the catalogue."""
