"""One pair against the others, for one viewer: why, why not, and what would change it (domain.md B4, H8)."""
