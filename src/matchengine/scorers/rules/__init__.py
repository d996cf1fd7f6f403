"""Built-in constraints: yes or no, with a reason code and something to confirm where nobody told."""
