"""How models are made: training sets, fitting, promotion."""
