"""What will go wrong before matching: supply and demand, thin profiles, rules that starve people."""
