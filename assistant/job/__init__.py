"""The focused job: where a prompt goes, what was said, and how a draft becomes a version that runs."""
