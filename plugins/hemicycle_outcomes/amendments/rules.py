"""What may be done with amendments, by whom, and when."""
