"""The read model: one SQLite file that screens, analytics and healing query."""
