"""The command line: Typer, one module per command group. What is heavy is imported in a command."""
