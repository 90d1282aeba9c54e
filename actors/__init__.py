"""The nine agents as Ray actors: thin shells around pipelines and tuning, one file for each agent.

Entry point: the system that starts and moves them.
"""
