"""One transmission in each state, for tests."""
