"""断面: what a cut through the ground shows, across a street (横断面) and along a line (纵断面)."""
