"""The doors to other systems: HTTP routes, who may use them, and how problems are told."""
