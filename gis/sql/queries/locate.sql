-- The unit grid that contains a place (:easting, :northing in the city's CRS), its duty grid, community and street,
-- and what it can be called by: the nearest road, and the nearest building with an address, each within :within_m.
-- unit_grid.geom, road.geom and building.geom stand in the city's CRS, so their GiST indexes serve.
WITH here AS MATERIALIZED (
    SELECT ST_SetSRID(ST_MakePoint(:easting, :northing), CAST(:city_srid AS integer)) AS geom
)
SELECT ST_X(here.geom) AS easting, ST_Y(here.geom) AS northing,
       g.id AS unit_grid_id, g.code AS unit_grid_code,
       d.id AS duty_grid_id, d.code AS duty_grid_code,
       c.id AS community_id, c.code AS community_code, c.name_zh AS community_zh, c.name_en AS community_en,
       s.id AS street_id, s.code AS street_code, s.name_zh AS street_zh, s.name_en AS street_en,
       r.name_zh AS road_zh, r.name_en AS road_en, r.distance_m AS road_distance_m,
       b.address AS building_address, b.distance_m AS building_distance_m, b.bearing_deg AS building_bearing_deg
FROM here
JOIN unit_grid AS g ON ST_Covers(g.geom, here.geom) AND g.valid_to IS NULL
JOIN area AS c ON c.id = g.community_id
JOIN area AS s ON s.id = c.parent_id
LEFT JOIN duty_grid AS d ON d.id = g.duty_grid_id
LEFT JOIN LATERAL (
    SELECT road.name_zh, road.name_en, ST_Distance(road.geom, here.geom) AS distance_m
    FROM road
    WHERE ST_DWithin(road.geom, here.geom, :within_m) AND road.valid_to IS NULL
    ORDER BY road.geom <-> here.geom, road.id
    LIMIT 1
) AS r ON true
LEFT JOIN LATERAL (
    SELECT building.address, ST_Distance(building.geom, here.geom) AS distance_m,
           degrees(ST_Azimuth(ST_Centroid(building.geom), here.geom)) AS bearing_deg
    FROM building
    WHERE ST_DWithin(building.geom, here.geom, :within_m) AND building.valid_to IS NULL AND building.address <> ''
    ORDER BY ST_Distance(building.geom, here.geom), building.id
    LIMIT 1
) AS b ON true
ORDER BY g.code
LIMIT 1
