-- Living segments, of any survey, that a moved point would take along though no row of the import changes them; a line
-- that has a depth and no level rises and sinks with the ground of its point.
SELECT DISTINCT g.id, g.valid_from
FROM survey_staged_point AS s
JOIN pipe_point AS p ON p.id = s.living_id
JOIN pipe_segment AS g ON p.id IN (g.start_point_id, g.end_point_id) AND g.valid_to IS NULL
WHERE s.import_id = :import_id AND s.change = 'changed'
  AND (ST_Distance(s.geom, p.geom) > 0.0006 OR {rests_on_ground} AND app.differs(s.ground_level, p.ground_level))
  AND NOT EXISTS (SELECT FROM survey_staged_line AS l
                  WHERE l.import_id = :import_id AND l.living_id = g.id AND l.change = 'changed')
