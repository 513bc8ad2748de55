"""巡查: where inspectors have been, by their own choice, and which grids they have covered."""
