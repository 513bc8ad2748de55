-- New points, each with the unit grid that it lies in; on a shared edge the grid with the lower code, as in locate.sql.
-- The grids of all points in one join: twice as quick as a look-up for each.
INSERT INTO pipe_point (survey, point_no, {point_surveyed}, is_open, valid_from, import_id, unit_grid_id)
SELECT r.survey, r.point_no, {point_surveyed_of_r}, r.is_open, :day, :import_id, lies.unit_grid_id
FROM app.ready_point AS r
LEFT JOIN (
    SELECT DISTINCT ON (s.id) s.id AS staged_id, g.id AS unit_grid_id
    FROM survey_staged_point AS s
    JOIN unit_grid AS g ON ST_Covers(g.geom, s.geom) AND g.valid_to IS NULL
    WHERE s.import_id = :import_id AND s.change = 'new'
    ORDER BY s.id, g.code
) AS lies USING (staged_id)
WHERE r.import_id = :import_id AND r.change = 'new' AND (r.is_clean OR NOT :only_clean)
ORDER BY r.staged_id
