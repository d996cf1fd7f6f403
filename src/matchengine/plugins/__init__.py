"""Built-in components that need a library of their own; each module is imported only when a configuration enables it."""
