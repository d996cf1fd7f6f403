"""How lists share attention among candidates, and show more than one kind of thing (domain.md G4, G5)."""
