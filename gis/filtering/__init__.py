"""Filters (CQL2, OGC 21-065) over any table of attributes, as conditions of the database."""
