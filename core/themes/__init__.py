"""Co-use of hashtags, their clusters, and the identity that a cluster keeps from hour to hour.

Entry points: `co_use.co_use_vectors`, `density.dense_groups`, `cluster_identity.identify`, `collisions.collisions`.
"""
