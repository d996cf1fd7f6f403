"""How to divide people into groups that meet, understand each other and leave nobody alone (domain.md F)."""
