"""What the API costs: `make bench`. Reported, never a gate: machines are noisy, so read the ratios."""
