"""What a map can show: the layer catalogue, vector tiles, legends and Folium maps."""
