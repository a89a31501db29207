"""Databases by their names in the settings: opened, read and, where the person said so, changed."""
