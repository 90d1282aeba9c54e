"""Commands over the data of an installation or recording: options in `commands`, the work in one file a command.

Entry points: `commands.app` and `lake.app`.
"""
