"""What to ask next within the budget of units.

Entry point: `plan.Planner`.
"""
