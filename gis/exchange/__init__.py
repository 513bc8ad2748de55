"""Data in and out of the city."""
