"""Text embedders: vectors of hashtags and captions that add meaning to the clustering of hashtags.

Entry points: `interface.Embedder` and `interface.embedder_of`.
"""
