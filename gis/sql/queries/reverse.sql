-- What a place is called by, beside what locate.sql tells: the nearest door plate, the nearest named place, the
-- nearest road with the foot of the way to it, and the crossing, each within its distance (metres, the city's CRS).
-- GiST indexes of place.geom and road.geom serve.
WITH here AS MATERIALIZED (
    SELECT ST_SetSRID(ST_MakePoint(:easting, :northing), CAST(:city_srid AS integer)) AS geom
)
SELECT plate.id AS plate_id, plate.address AS plate, plate.distance_m AS plate_distance_m,
       degrees(ST_Azimuth(plate.at, here.geom)) AS plate_bearing_deg,
       poi.id AS poi_id, poi.name_zh AS poi_zh, poi.name_en AS poi_en, poi.distance_m AS poi_distance_m,
       degrees(ST_Azimuth(poi.at, here.geom)) AS poi_bearing_deg,
       road.id AS road_id, road.distance_m AS road_distance_m,
       degrees(ST_Azimuth(road.at, here.geom)) AS road_bearing_deg,
       crossing.one_zh, crossing.one_en, crossing.other_zh, crossing.other_en,
       crossing.distance_m AS crossing_distance_m
FROM here
LEFT JOIN LATERAL (
    SELECT p.id, coalesce(nullif(p.address, ''), p.name_zh) AS address, ST_Distance(p.geom, here.geom) AS distance_m,
           ST_Centroid(p.geom) AS at
    FROM place AS p
    WHERE ST_DWithin(p.geom, here.geom, :within_m) AND p.valid_to IS NULL AND p.type_code = 'door_plate'
    ORDER BY p.geom <-> here.geom, p.id LIMIT 1
) AS plate ON true
LEFT JOIN LATERAL (
    SELECT p.id, p.name_zh, p.name_en, ST_Distance(p.geom, here.geom) AS distance_m, ST_Centroid(p.geom) AS at
    FROM place AS p
    WHERE ST_DWithin(p.geom, here.geom, :within_m) AND p.valid_to IS NULL AND p.type_code = 'poi'
    ORDER BY p.geom <-> here.geom, p.id LIMIT 1
) AS poi ON true
LEFT JOIN LATERAL (
    SELECT r.id, ST_Distance(r.geom, here.geom) AS distance_m, ST_ClosestPoint(r.geom, here.geom) AS at
    FROM road AS r
    WHERE ST_DWithin(r.geom, here.geom, :within_m) AND r.valid_to IS NULL
    ORDER BY r.geom <-> here.geom, r.id LIMIT 1
) AS road ON true
LEFT JOIN LATERAL (
    SELECT a.name_zh AS one_zh, a.name_en AS one_en, b.name_zh AS other_zh, b.name_en AS other_en,
           ST_Distance(ST_ClosestPoint(a.geom, b.geom), here.geom) AS distance_m
    FROM road AS a JOIN road AS b ON ST_DWithin(a.geom, b.geom, 1) AND a.name_zh < b.name_zh
    WHERE ST_DWithin(a.geom, here.geom, :crossing_m) AND ST_DWithin(b.geom, here.geom, :crossing_m)
      AND a.valid_to IS NULL AND b.valid_to IS NULL
      AND ST_DWithin(ST_ClosestPoint(a.geom, b.geom), here.geom, :crossing_m)
    ORDER BY distance_m, a.id, b.id LIMIT 1
) AS crossing ON true
