"""Strategies to compare with, one file each; they know no more of this package than an outside author's plugin."""
