"""Swaps of a programme: wishes and relationships become a graph of gains, a plan becomes a ledger (domain.md D)."""
