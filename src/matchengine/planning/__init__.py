"""A whole programme at a time: what follows from scores and records, never from texts, vectors or indexes."""
