"""Tests of one pair against the others."""
