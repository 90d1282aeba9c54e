"""The stand-in EnsembleData server: every endpoint, its costs and its faults, over a simulated world or a recording.

Entry points: `app.build_app`, `server.StandinServer`, `fault_injector.FaultInjector`.
A backend implements `backend.Backend`.
"""
