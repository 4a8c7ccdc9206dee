"""One proposal in each state, for tests."""
