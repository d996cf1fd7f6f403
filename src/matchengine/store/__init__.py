"""What outlives a process: saved folders, verified before they are read."""
