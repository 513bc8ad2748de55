-- A page of the points of an import that would change the network in one way, beside the points that live,
-- or lived before it.
SELECT r.staged_id AS place, coalesce(r.point_no, '') AS number, r.class_code, s.file, s.sheet, s.row_no,
       r.living_id, r.is_clean, ST_Distance(r.geom, p.geom) AS moved_m, to_jsonb(p) - 'geom' AS before,
       to_jsonb(r) - 'geom' AS after, ST_AsGeoJSON(ST_Transform(r.geom, 4490), 8)::jsonb AS geometry,
       ST_AsGeoJSON(ST_Transform(p.geom, 4490), 8)::jsonb AS geometry_before
FROM app.ready_point AS r
JOIN survey_staged_point AS s ON s.id = r.staged_id
LEFT JOIN pipe_point AS p
    ON p.id = coalesce((SELECT c.id FROM pipe_point AS c
                        WHERE c.past_of = r.living_id AND c.ended_import_id = r.import_id), r.living_id)
WHERE r.import_id = :import_id AND r.change = :kind AND r.staged_id > :after
ORDER BY r.staged_id
LIMIT :limit
