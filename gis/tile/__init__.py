"""瓦片: rows as tiles need them, kept by the database beside the rows themselves."""
