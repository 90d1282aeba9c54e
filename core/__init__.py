"""The language of the project: records, time, events, formulas and rules. No Ray, no files, no network, no wall clock."""
