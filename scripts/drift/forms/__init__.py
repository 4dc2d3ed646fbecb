"""The forms of a report: a table, GitHub Actions commands, a summary in Markdown, and JSON."""
