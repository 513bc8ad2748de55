-- A page of the segments that a moved point would take along: see moved.sql.
WITH moved AS (SELECT g.id FROM ({moved}) AS g WHERE g.id > :after ORDER BY g.id LIMIT :limit)
SELECT p.id AS place, p.segment_no AS number, p.class_code, '' AS file, '' AS sheet, NULL::integer AS row_no,
       p.id AS living_id, true AS is_clean,
       greatest(ST_Distance(ST_StartPoint(p.geom), ST_StartPoint(w.line)),
                ST_Distance(ST_EndPoint(p.geom), ST_EndPoint(w.line))) AS moved_m,
       ST_AsGeoJSON(ST_Transform(w.line, 4490), 8)::jsonb AS geometry,
       ST_AsGeoJSON(ST_Transform(ST_Force2D(p.geom), 4490), 8)::jsonb AS geometry_before
FROM moved
JOIN pipe_segment AS p USING (id)
JOIN pipe_point AS a ON a.id = p.start_point_id
JOIN pipe_point AS b ON b.id = p.end_point_id
CROSS JOIN LATERAL (
    SELECT ST_SetPoint(ST_SetPoint(ST_Force2D(p.geom),
        0, coalesce(app.staged_place(:import_id, a.id), a.geom)), -1,
        coalesce(app.staged_place(:import_id, b.id), b.geom)) AS line
) AS w
ORDER BY place
