"""The EnsembleData client: requests, transport, pages and the meaning of every status.

Entry points: `client.EnsembleData` and `async_client.AsyncEnsembleData`.
"""
