"""One disposition in each state, for tests."""
