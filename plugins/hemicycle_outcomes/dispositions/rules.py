"""What may be done with dispositions, by whom, and when."""
