"""Commands over texts and their vocabulary.

Entry points: one file a command.
"""
