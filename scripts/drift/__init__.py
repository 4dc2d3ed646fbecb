"""The drift gate, which judges the spec, the generated code, and changes to both."""
