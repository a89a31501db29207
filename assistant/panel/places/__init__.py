"""The places of the panel, one file a tab."""
