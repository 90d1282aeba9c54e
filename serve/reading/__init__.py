"""What pages and lists read of lake and records, kept in memory between requests.

Entry point: `reader.Reader`.
"""
