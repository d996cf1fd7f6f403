"""Tests of the strategies to compare with."""
