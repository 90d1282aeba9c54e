"""Versioned text templates and the vocabulary rules for generated text."""
