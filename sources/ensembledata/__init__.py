"""The EnsembleData client: typed requests, the transport that adds the token, pages, and the meaning of every status.

Entry points: `client.EnsembleData` for threads and `async_client.AsyncEnsembleData`;
`requests` and `accounts` build requests.
"""
