"""Read-only questions across the tables of the floor."""
