"""The Semantic agent and its jobs.

Entry point: `agent.Semantic`.
"""
