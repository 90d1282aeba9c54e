"""The HTTP interface under `/v1`: routes, schemas, paging and problems.

Entry point: `app.build_app`.
"""
