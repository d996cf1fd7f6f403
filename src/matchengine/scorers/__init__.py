"""Built-in scorers and constraints, written as an outside author would: arrays in, `Scored` or `Ruled` out."""
