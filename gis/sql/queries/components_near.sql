-- Components within :radius_m metres of a place, nearest first.
-- component.geom stands in the city's metric CRS, so its GiST index serves.
WITH here AS MATERIALIZED (
    SELECT ST_SetSRID(ST_MakePoint(:easting, :northing), CAST(:city_srid AS integer)) AS geom
)
SELECT c.code, c.class_code, c.name, c.state, g.code AS unit_grid_code, m.code AS maintainer_code,
       ST_X(c.geom) AS easting, ST_Y(c.geom) AS northing,
       ST_Distance(c.geom, here.geom) AS distance_m
FROM here
JOIN component AS c ON ST_DWithin(c.geom, here.geom, :radius_m)
JOIN unit_grid AS g ON g.id = c.unit_grid_id
LEFT JOIN department AS m ON m.id = c.maintainer_id
WHERE c.valid_to IS NULL AND (:class_code = '' OR c.class_code = :class_code)
ORDER BY distance_m, c.code
LIMIT :limit
