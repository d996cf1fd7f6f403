"""Strategies: what is compared. Baselines, the engine under any weights, tuning, and what each answers."""
