"""Where posts come from: the EnsembleData client, the stand-in server, the simulated world, recordings."""
