"""Schedules: cron lines with a zone, in words and in instants, and the loop that keeps them."""
