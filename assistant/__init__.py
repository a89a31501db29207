"""A chat-first assistant that turns plain words into jobs it runs by itself."""

__version__ = "0.2.0"
