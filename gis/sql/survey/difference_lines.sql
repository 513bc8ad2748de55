-- A page of the lines of an import that would change the network in one way, beside the segments that live,
-- or lived before it. A line without a shape of its own runs between its points as they would be.
SELECT r.staged_id AS place, coalesce(r.segment_no, '') AS number, r.class_code, s.file, s.sheet, s.row_no,
       r.living_id, r.is_clean,
       greatest(ST_Distance(ST_StartPoint(p.geom), ST_StartPoint(w.line)),
                ST_Distance(ST_EndPoint(p.geom), ST_EndPoint(w.line))) AS moved_m,
       to_jsonb(p) - 'geom' || jsonb_build_object('start_no', a.point_no, 'end_no', b.point_no) AS before,
       to_jsonb(r) - 'drawn' AS after,
       ST_AsGeoJSON(ST_Transform(ST_Force2D(w.line), 4490), 8)::jsonb AS geometry,
       ST_AsGeoJSON(ST_Transform(ST_Force2D(p.geom), 4490), 8)::jsonb AS geometry_before
FROM app.ready_line AS r
JOIN survey_staged_line AS s ON s.id = r.staged_id
LEFT JOIN pipe_segment AS p
    ON p.id = coalesce((SELECT c.id FROM pipe_segment AS c
                        WHERE c.past_of = r.living_id AND c.ended_import_id = r.import_id), r.living_id)
LEFT JOIN pipe_point AS a ON a.id = p.start_point_id
LEFT JOIN pipe_point AS b ON b.id = p.end_point_id
LEFT JOIN LATERAL (
    SELECT coalesce(
        r.drawn,
        ST_MakeLine(app.place_of(r.import_id, r.survey, r.start_no), app.place_of(r.import_id, r.survey, r.end_no))
    ) AS line
) AS w ON true
WHERE r.import_id = :import_id AND r.change = :kind AND r.staged_id > :after
ORDER BY r.staged_id
LIMIT :limit
