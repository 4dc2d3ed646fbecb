"""The plan: few valid requests that together try every documented choice of a request."""
