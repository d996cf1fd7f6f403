"""Everyone who can be matched, as columns, texts, vectors and ties; no records are kept."""
