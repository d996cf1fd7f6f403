"""From a suggestion to the first visit and the next step (domain.md S5, I1, I7): plans for one person."""
