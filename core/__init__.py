"""The language of the project: records, time, events, formulas, rules. No Ray, files, network or wall clock."""
