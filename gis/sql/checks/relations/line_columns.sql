-- checked_line: joined_line with what follows from its class and its levels. Metres.
-- z: the surveyed level of an end, else ground less depth. down: depth to that same face. Faces as in
-- gis/pipeline/levels.py; without a height only the surveyed face is known.
CREATE TEMPORARY TABLE checked_line ON COMMIT DROP AS
SELECT j.*, c.class_code IS NOT NULL AS class_known, coalesce(m.is_gravity, false) AS is_gravity,
       face.at_bottom, face.height_m,
       coalesce(l.is_overhead, false) OR coalesce(j.laying IN ('DM', 'SJ'), false) AS may_be_above,
       coalesce(nullif(j.start_depth_m, 'NaN'), j.start_ground - nullif(j.start_level, 'NaN')) AS start_down,
       coalesce(nullif(j.end_depth_m, 'NaN'), j.end_ground - nullif(j.end_level, 'NaN')) AS end_down,
       z.start_z, z.end_z,
       CASE WHEN face.at_bottom THEN z.start_z + face.height_m ELSE z.start_z END AS start_crown,
       CASE WHEN face.at_bottom THEN z.end_z + face.height_m ELSE z.end_z END AS end_crown,
       CASE WHEN face.at_bottom THEN z.start_z ELSE z.start_z - face.height_m END AS start_invert,
       CASE WHEN face.at_bottom THEN z.end_z ELSE z.end_z - face.height_m END AS end_invert,
       ST_Length(j.geom) AS length_m
FROM joined_line AS j
LEFT JOIN pipe_class AS c ON (c.class_code, c.sub_code) = (j.class_code, j.sub_code)
LEFT JOIN pipe_main_class AS m ON m.class_code = j.class_code
LEFT JOIN laying_method AS l ON l.code = j.laying
CROSS JOIN LATERAL (
    SELECT CASE WHEN l.is_trench THEN c.depth_reference_in_trench ELSE c.depth_reference END
               IN ('invert_inside', 'trench_bottom_inside') AS at_bottom,
           coalesce(j.height_mm, j.width_mm) / 1000.0::float8 AS height_m) AS face
CROSS JOIN LATERAL (
    SELECT coalesce(nullif(j.start_level, 'NaN'), j.start_ground - nullif(j.start_depth_m, 'NaN')) AS start_z,
           coalesce(nullif(j.end_level, 'NaN'), j.end_ground - nullif(j.end_depth_m, 'NaN')) AS end_z) AS z
