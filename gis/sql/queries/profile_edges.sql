-- The segments of a class that touch a box, in the city's CRS, as edges: of the whole class where it is null.
-- Numbers only: a route looks at thousands of them.
SELECT coalesce(s.past_of, s.id) AS id, s.start_point_id, s.end_point_id, s.length_m
FROM pipe_segment AS s
WHERE s.class_code = :class_code
  AND (CAST(:west AS float8) IS NULL OR s.geom && ST_MakeEnvelope(:west, :south, :east, :north, :srid))
  AND (CAST(:as_of AS date) IS NULL AND s.valid_to IS NULL
       OR s.valid_from <= :as_of AND (s.valid_to IS NULL OR s.valid_to > :as_of))
