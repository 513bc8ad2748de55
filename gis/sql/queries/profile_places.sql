-- Where points lie, by id, in the city's CRS.
SELECT coalesce(p.past_of, p.id) AS id, ST_X(p.geom) AS easting, ST_Y(p.geom) AS northing
FROM pipe_point AS p
WHERE (p.id = ANY (:ids) AND p.past_of IS NULL OR p.past_of = ANY (:ids))
  AND (CAST(:as_of AS date) IS NULL AND p.valid_to IS NULL
       OR p.valid_from <= :as_of AND (p.valid_to IS NULL OR p.valid_to > :as_of))
