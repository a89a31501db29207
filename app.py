"""Starts the panel."""

from assistant.panel.serve import serve

if __name__ == "__main__":
    serve()
