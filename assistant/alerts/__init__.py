"""Alerts: what is worth telling a person, on which channel and when, and the answers they give."""
