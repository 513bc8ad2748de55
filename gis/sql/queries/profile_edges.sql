-- The segments of a class that touch a box, in the city's CRS, as edges.
-- Each column as one row of big-endian numbers: a route looks at tens of thousands of edges, and nobody at one.
SELECT string_agg(int8send(coalesce(s.past_of, s.id)), ''::bytea) AS ids,
       string_agg(int8send(s.start_point_id), ''::bytea) AS start_points,
       string_agg(int8send(s.end_point_id), ''::bytea) AS end_points,
       string_agg(float8send(s.length_m), ''::bytea) AS lengths
FROM pipe_segment AS s
WHERE s.class_code = :class_code
  AND s.geom && ST_MakeEnvelope(:west, :south, :east, :north, :srid)
  AND (CAST(:as_of AS date) IS NULL AND s.valid_to IS NULL
       OR s.valid_from <= :as_of AND (s.valid_to IS NULL OR s.valid_to > :as_of))
