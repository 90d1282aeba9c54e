"""Texts about the leaders: evidence, templates, the language model, the gate and people's feedback.

Entry points: `narrate` and `text_gate`.
"""
