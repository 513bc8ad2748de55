"""部件: the things that stand in the street."""
