"""Decisions for a whole programme from its data: drafts of pairs, swaps and groups, and what they leave open."""
