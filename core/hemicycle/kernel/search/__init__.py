"""Search: the words of what is searchable, found in the same way on both databases."""
