"""OGC API: Features, Tiles, Styles and Records of the city."""
