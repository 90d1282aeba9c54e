"""Commands over the data of an installation or recording.

Entry points: one file a command.
"""
