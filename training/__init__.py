"""How the starter model is made: requests from a grammar, a tokenizer, a decoder, a GGUF file."""
