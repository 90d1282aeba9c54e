"""The records database: jobs, events, units, models, texts, figures, backlog."""
