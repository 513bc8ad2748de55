-- The same for each staged line. A line without a number of its own is known by its ends: by the name that they
-- make, else as the only living segment between them.
UPDATE survey_staged_line AS s SET change = c.change, living_id = c.living_id
FROM (
    SELECT r.staged_id, p.id AS living_id,
           CASE WHEN r.sub_code IS NULL OR r.start_no = r.end_no OR a.point_no IS NULL OR b.point_no IS NULL
                     OR length(r.segment_no) > 64 OR row_number() OVER (PARTITION BY r.segment_no ORDER BY r.staged_id) > 1
                     OR (:adds AND p.id IS NOT NULL)
                     OR least(r.width_mm, r.height_mm) <= 0
                     OR least(r.total_holes, r.used_holes, r.pressure_mpa, r.voltage_kv) < 0
                     OR CASE WHEN r.drawn IS NULL THEN ST_Distance(a.geom, b.geom) = 0
                             ELSE ST_Length(r.drawn) = 0 OR ST_Distance(ST_StartPoint(r.drawn), a.geom) > 0.01
                                  OR ST_Distance(ST_EndPoint(r.drawn), b.geom) > 0.01 END THEN 'refused'
                WHEN p.id IS NULL THEN 'new'
                WHEN {line_differs}
                     OR (p.start_point_id, p.end_point_id) IS DISTINCT FROM (a.living_id, b.living_id)
                     OR app.lines_differ(p.geom, {line}) THEN 'changed'
                ELSE 'same' END AS change
    FROM app.ready_line AS r
    LEFT JOIN survey_end AS a ON a.point_no = r.start_no
    LEFT JOIN survey_end AS b ON b.point_no = r.end_no
    LEFT JOIN pipe_segment AS n ON n.survey = :survey AND n.segment_no = r.segment_no AND n.valid_to IS NULL
    LEFT JOIN LATERAL (
        SELECT min(q.id) AS id FROM pipe_segment AS q
        WHERE n.id IS NULL AND r.is_named_by_ends AND q.valid_to IS NULL AND q.survey = :survey
          AND q.start_point_id IN (a.living_id, b.living_id) AND q.end_point_id IN (a.living_id, b.living_id)
        HAVING count(*) = 1
    ) AS e ON n.id IS NULL AND r.is_named_by_ends
    LEFT JOIN pipe_segment AS p ON p.id = coalesce(n.id, e.id)
    WHERE r.import_id = :import_id
) AS c
WHERE s.id = c.staged_id
