"""Texts about the leading hashtags: evidence, templates, the language model, prompts in use and people's feedback.

Entry points: `narrate.narrate`, `model.narrate_by_model` and `feedback.decide`.
"""
