"""Suggestions about jobs, each with its evidence: found here, decided by a person."""
