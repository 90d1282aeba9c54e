"""Co-use of hashtags, their clusters and the identity that a cluster keeps over the hours.

Entry points: `co_use`, `density` and `cluster_identity`.
"""
