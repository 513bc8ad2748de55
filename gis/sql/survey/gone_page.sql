-- A page of the living rows of the survey that no row of the import is about: see gone.sql.
WITH gone AS (SELECT g.id FROM ({gone}) AS g WHERE g.subject = :subject AND g.id > :after ORDER BY g.id LIMIT :limit)
SELECT g.id AS place, g.point_no AS number, g.class_code, '' AS file, '' AS sheet, NULL::integer AS row_no,
       g.id AS living_id, true AS is_clean, NULL::float8 AS moved_m, NULL::jsonb AS geometry,
       ST_AsGeoJSON(ST_Transform(g.geom, 4490), 8)::jsonb AS geometry_before
FROM gone JOIN pipe_point AS g USING (id) WHERE :subject = 'point'
UNION ALL
SELECT g.id, g.segment_no, g.class_code, '', '', NULL, g.id, true, NULL, NULL,
       ST_AsGeoJSON(ST_Transform(ST_Force2D(g.geom), 4490), 8)::jsonb
FROM gone JOIN pipe_segment AS g USING (id) WHERE :subject = 'line'
ORDER BY place
