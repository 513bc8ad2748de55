-- Segments that come within :within_m of section lines, with what their two ends say; by id.
-- A long line has a large box: it is looked up in pieces of 200 m, each by its own small one.
WITH piece AS (
    SELECT (ST_DumpSegments(ST_Segmentize(ST_GeomFromWKB(:lines, :srid), 200))).geom
), s AS MATERIALIZED (
    -- Nobody can tell the planner how few a line cuts: what follows must not be planned for the whole city.
    SELECT DISTINCT ON (s.id) s.*
    FROM piece
    JOIN public.pipe_segment AS s ON ST_DWithin(s.geom, piece.geom, :within_m)
    WHERE CASE
              WHEN CAST(:as_of AS date) IS NULL THEN s.valid_to IS NULL
              ELSE s.valid_from <= :as_of AND (s.valid_to IS NULL OR s.valid_to > :as_of)
          END
      AND (CAST(:class_codes AS text[]) IS NULL OR s.class_code = ANY (CAST(:class_codes AS text[])))
)
SELECT coalesce(s.past_of, s.id) AS id, s.segment_no, s.class_code, s.sub_code, s.size, s.width_mm,
       s.height_mm, s.material, s.laying, s.pressure_band, s.pressure_mpa, d.name_zh AS owner_zh,
       d.name_en AS owner_en, s.year_laid, s.usage_status, s.road_name, s.total_holes, s.used_holes,
       s.start_point_id, s.end_point_id, coalesce(a.point_no, '') AS start_point_no,
       coalesce(b.point_no, '') AS end_point_no, a.ground_level AS start_ground,
       b.ground_level AS end_ground, s.start_level, s.end_level, s.start_depth_m, s.end_depth_m,
       ST_AsBinary(ST_Force2D(s.geom)) AS wkb
FROM s
LEFT JOIN public.department AS d ON d.id = s.owner_id
-- A segment names its ends by the points' own ids; the state of a day may be kept under another.
LEFT JOIN LATERAL (
    SELECT p.point_no, p.ground_level
    FROM public.pipe_point AS p
    WHERE (p.id = s.start_point_id OR p.past_of = s.start_point_id)
      AND CASE
              WHEN CAST(:as_of AS date) IS NULL THEN p.valid_to IS NULL
              ELSE p.valid_from <= :as_of AND (p.valid_to IS NULL OR p.valid_to > :as_of)
          END
    ORDER BY p.valid_from DESC
    LIMIT 1
) AS a ON true
LEFT JOIN LATERAL (
    SELECT p.point_no, p.ground_level
    FROM public.pipe_point AS p
    WHERE (p.id = s.end_point_id OR p.past_of = s.end_point_id)
      AND CASE
              WHEN CAST(:as_of AS date) IS NULL THEN p.valid_to IS NULL
              ELSE p.valid_from <= :as_of AND (p.valid_to IS NULL OR p.valid_to > :as_of)
          END
    ORDER BY p.valid_from DESC
    LIMIT 1
) AS b ON true
ORDER BY 1
