"""The dashboard: pages, charts, templates and the words on them.

Entry point: `pages`.
"""
