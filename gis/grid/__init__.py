"""The ground: the city, its areas, unit grids and duty grids, roads and buildings."""
