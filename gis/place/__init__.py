"""Places by name 地名地址: what the city calls them, and where that is."""
