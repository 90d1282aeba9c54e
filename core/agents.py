"""The names of the nine agents, in the order of the loop."""

AGENTS = (
    "ingestion",
    "metric",
    "semantic",
    "prediction",
    "evaluation",
    "improvement",
    "governance",
    "notification",
    "scheduler",
)
