"""Commands that run the system: options in `commands`, the work of run, replay, standin and llm in one file each.

Entry point: `commands.app`.
"""
