"""The nine agents as thin Ray actors, one file an agent, and the system that starts them and moves them through time.

Entry point: `system.AgentSystem`.
"""
