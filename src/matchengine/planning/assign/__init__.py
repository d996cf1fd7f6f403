"""Whom to assign to whom: one method a file, each a function of one `AssignmentProblem` (domain.md E)."""
