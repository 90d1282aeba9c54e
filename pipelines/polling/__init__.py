"""What to ask EnsembleData next within the budget of units, and what each answer teaches the planner.

Entry points: `plan.Planner`, `learn.absorb` and `state.PollState`.
"""
