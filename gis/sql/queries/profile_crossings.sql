-- Lines that cross the parts of a way, by the way's order; none of the way itself, none joined to its points.
SELECT part.n AS part, coalesce(s.past_of, s.id) AS id, s.segment_no, s.class_code, s.sub_code,
       s.size, s.width_mm, s.height_mm, s.total_holes, coalesce(l.is_trench, false) AS is_trench,
       s.start_level, s.end_level, s.start_depth_m, s.end_depth_m,
       a.ground_level AS start_ground, b.ground_level AS end_ground,
       ST_AsBinary(ST_Force2D(s.geom)) AS line
FROM unnest(CAST(:parts AS bytea[])) WITH ORDINALITY AS given (wkb, n)
CROSS JOIN LATERAL (SELECT given.n, ST_GeomFromWKB(given.wkb, :srid) AS geom) AS part
JOIN pipe_segment AS s ON s.geom && part.geom AND ST_Intersects(ST_Force2D(s.geom), part.geom)
LEFT JOIN laying_method AS l ON l.code = s.laying
LEFT JOIN pipe_point AS a ON a.id = s.start_point_id
LEFT JOIN pipe_point AS b ON b.id = s.end_point_id
WHERE coalesce(s.past_of, s.id) <> ALL (:ids)
  AND s.start_point_id <> ALL (:points) AND s.end_point_id <> ALL (:points)
  AND (CAST(:as_of AS date) IS NULL AND s.valid_to IS NULL
       OR s.valid_from <= :as_of AND (s.valid_to IS NULL OR s.valid_to > :as_of))
ORDER BY part.n, s.id
