"""A prompt becomes a turn: a stream of events that a screen shows as they come."""
