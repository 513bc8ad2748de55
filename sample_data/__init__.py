"""The sample city: one seed, the same bytes every time."""
