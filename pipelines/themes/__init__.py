"""From captions and co-use to clusters, themes and their names.

Entry points: `themes` and `clusters`.
"""
