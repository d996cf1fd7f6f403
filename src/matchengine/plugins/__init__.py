"""Built-in components that need a library of their own; imported only when a configuration enables them."""
