-- New states of the points that live. Surveys do not say whether a valve is open; what is known of it stays.
UPDATE pipe_point AS p
SET ({point_surveyed}) = ROW({point_surveyed_of_r}), is_open = coalesce(r.is_open, p.is_open),
    valid_from = :day, import_id = :import_id,
    unit_grid_id = (SELECT g.id FROM unit_grid AS g WHERE ST_Covers(g.geom, r.geom) AND g.valid_to IS NULL
                    ORDER BY g.code LIMIT 1)
FROM app.ready_point AS r
WHERE r.import_id = :import_id AND r.change = 'changed' AND p.id = r.living_id AND (r.is_clean OR NOT :only_clean)
