"""Who sees and does what. Said once by declarations, enforced by SQL predicates in which the viewer is a parameter."""
