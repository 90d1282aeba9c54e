"""Where posts and readings come from: the EnsembleData client, recordings, and the stand-in server.

Entry points: `ensembledata.client`, `recordings`, `standin.app` and `world`.
"""
