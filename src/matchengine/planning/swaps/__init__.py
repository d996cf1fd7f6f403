"""Which exchanges of mentors to make: cycles and chains over a graph of gains (domain.md D)."""
