"""What is run on real data: experiments, and their committed results. The reusable parts live in the package."""
