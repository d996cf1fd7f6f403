"""How the tables of a store came to be, one step after another, each of them done wholly or not at all."""
