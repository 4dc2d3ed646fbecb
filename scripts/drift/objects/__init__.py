"""The changes between the objects of two OpenAPI documents, from operations down to the schemas of their data."""
