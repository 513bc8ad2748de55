-- New points, each with the unit grid that it lies in; on a shared edge the grid with the lower code, as in locate.sql.
INSERT INTO pipe_point (survey, point_no, {point_surveyed}, is_open, valid_from, import_id, unit_grid_id)
SELECT r.survey, r.point_no, {point_surveyed_of_r}, r.is_open, :day, :import_id,
       (SELECT g.id FROM unit_grid AS g WHERE ST_Covers(g.geom, r.geom) AND g.valid_to IS NULL
        ORDER BY g.code LIMIT 1)
FROM app.ready_point AS r
WHERE r.import_id = :import_id AND r.change = 'new' AND (r.is_clean OR NOT :only_clean)
ORDER BY r.staged_id
