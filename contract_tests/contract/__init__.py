"""What the spec promises: operations, schemas, facts."""
