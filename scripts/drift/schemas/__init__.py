"""The changes between schemas: normal forms, their relation, and the keywords that differ."""
