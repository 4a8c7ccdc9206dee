"""All that a plugin may import: one stable façade. What is not here may change without notice."""
