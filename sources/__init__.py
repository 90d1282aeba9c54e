"""Where posts and readings come from: the EnsembleData client, recordings of real data, and a stand-in server.

Each package is an adapter to one source; nothing here knows the lake or the agents.

Entry points: `ensembledata.client.EnsembleData`, `recordings.loading.load_recording`, `standin.app.build_app`,
`world.world.World`.
"""
