"""The Semantic agent and its jobs: themes, narratives and judgements.

Entry points: `agent.SemanticAgent` and `jobs.JOBS`.
"""
