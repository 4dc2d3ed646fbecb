"""Real clients of the API, made by others: what each can do with the mock."""
