"""Commands that train and score models.

Entry points: one file a command.
"""
