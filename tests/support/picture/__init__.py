"""The README's picture of a report, and the command that draws it."""
