"""What may be done with transmissions, by whom, and when."""
