"""How stable and pure themes are.

Entry point: `compare`.
"""
