"""Mutated texts and a language model's outputs against the grounding rules.

Entry point: `scores`.
"""
