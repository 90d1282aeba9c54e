"""Text embedders that help the clustering of hashtags.

Entry point: `interface.embedder`.
"""
