"""What the spec promises: operations, paths, schemas, facts."""
