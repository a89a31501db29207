"""Lists the fields of a PDF form."""
