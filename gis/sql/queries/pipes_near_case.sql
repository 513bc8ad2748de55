-- Pipes within :radius_m metres of a case's place, nearest first, each drawn in lon/lat.
-- The depth is where the pipe comes nearest: between its ends by the share of its length.
SELECT s.id, s.segment_no, s.class_code, s.sub_code, s.size, s.width_mm, s.height_mm, s.material,
       d.name_zh AS owner_zh, d.name_en AS owner_en,
       ST_Distance(ST_Force2D(s.geom), c.location) AS distance_m,
       s.start_depth_m + (s.end_depth_m - s.start_depth_m)
           * ST_LineLocatePoint(ST_Force2D(s.geom), c.location) AS depth_m,
       CAST(ST_AsGeoJSON(ST_Transform(ST_Force2D(s.geom), 4490), 8, 0) AS json) AS geometry
FROM public."case" AS c
JOIN public.pipe_segment AS s ON ST_DWithin(s.geom, c.location, :radius_m)
LEFT JOIN public.department AS d ON d.id = s.owner_id
WHERE c.id = :case_id AND s.valid_to IS NULL
ORDER BY distance_m, s.id
LIMIT :most
