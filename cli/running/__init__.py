"""Commands that run the system: run, replay, standin, llm.

Entry points: one file a command.
"""
