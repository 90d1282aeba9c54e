"""What the pages and the HTTP interface read from the lake and the records, kept in memory between requests.

Entry points: `reader.Reader` for the newest `snapshot.Snapshot`, and `history.Histories` for one hashtag over time.
"""
