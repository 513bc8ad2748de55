"""Maps of others under our own: none unless an operator sets one."""
