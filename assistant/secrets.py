"""Secrets by name: from the environment, a keyring when there is one, else a 0600 file; masked wherever text leaves."""
