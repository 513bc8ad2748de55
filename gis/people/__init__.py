"""Who works here: people, departments, and the areas they act on."""
