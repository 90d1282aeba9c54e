"""The hosted language model: speed and acceptance.

Entry point: `speed`.
"""
