"""The spec's promises: operations, paths, schemas, facts."""
