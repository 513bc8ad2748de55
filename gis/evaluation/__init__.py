"""考核: counts and rates that can be explained."""
