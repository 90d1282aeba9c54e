"""From requests to raw pages and tables: the gate, the calls, and the fetch windows rebuilt from the raw pages.

Entry points: `ingest.Ingest` and `gate.LedgerGate`, which implements `gate.Gate`.
"""
