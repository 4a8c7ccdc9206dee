"""Open data: every table that modules declare as such leaves as CSV and JSON lines, with its schema; and comes back."""
