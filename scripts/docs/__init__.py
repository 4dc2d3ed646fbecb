"""The site: the reference of the API, the guides, and the last report. It needs no network."""
