"""One versioned template for each task of the language model, and the vocabulary of themes.

Entry points: `registry.load_prompt`, `vocabulary` and the client in `llm`.
"""
