"""Single rows changed by hand: what may be sent, and an append-only record of who changed what."""
