"""The city itself: its grid, its pipelines and its cases. Knows neither HTTP nor drawing."""
