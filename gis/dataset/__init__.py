"""数据目录: what data the city has, from whom, of what date and quality, and where to get them."""
