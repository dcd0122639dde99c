"""Grades submissions: runs them locked in, compares with the reference, says what went wrong."""
