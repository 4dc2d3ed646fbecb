"""What was sent and came back: requests, responses, header fields, bodies, credentials."""
