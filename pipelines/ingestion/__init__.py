"""From requests to raw pages and snapshots: the gate, the calls and the windows they rebuild.

Entry points: `ingest.Ingest` and `gate.LedgerGate`, which implements `gate.Gate`.
"""
