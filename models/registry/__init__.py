"""Which kinds of model there are, and where trained ones stay.

Entry points: `kinds.KINDS`, `kinds.STANDARD`, `store.store` and `store.load`.
"""
