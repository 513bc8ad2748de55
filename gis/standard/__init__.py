"""What the standards fix, as tables: codes, classes, rules, distances. One row here, never an ``if``."""
