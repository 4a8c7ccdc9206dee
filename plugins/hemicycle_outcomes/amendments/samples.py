"""One amendment in each state, for tests."""
