"""Tests of what is run in eval/."""
