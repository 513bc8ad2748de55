"""The network out of the city: as tables, as layers, as a drawing, as the survey tables it came in."""
