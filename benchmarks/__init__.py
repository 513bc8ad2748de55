"""Measurements beside peers, in one run on one machine. ``make bench`` runs them all."""
