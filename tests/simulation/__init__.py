"""The programme twin: what it draws, what it hides, and what its worlds do."""
