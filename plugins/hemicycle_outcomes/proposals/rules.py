"""What may be done with proposals, by whom, and when."""
