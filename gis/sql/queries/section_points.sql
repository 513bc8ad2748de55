-- Pipe points within :within_m of section lines: ground levels, and wells that may be cut open; by id.
WITH piece AS (
    SELECT (ST_DumpSegments(ST_Segmentize(ST_GeomFromWKB(:lines, :srid), 200))).geom
)
SELECT DISTINCT coalesce(p.past_of, p.id) AS id, p.point_no, p.class_code, p.sub_code, p.appendage,
       p.ground_level, p.well_depth_m, ST_X(p.geom) AS easting, ST_Y(p.geom) AS northing
FROM piece
JOIN public.pipe_point AS p ON ST_DWithin(p.geom, piece.geom, :within_m)
WHERE CASE
          WHEN CAST(:as_of AS date) IS NULL THEN p.valid_to IS NULL
          ELSE p.valid_from <= :as_of AND (p.valid_to IS NULL OR p.valid_to > :as_of)
      END
ORDER BY 1
