"""Lists for everybody that share attention among candidates, over arrays alone (domain.md G4, G5)."""
