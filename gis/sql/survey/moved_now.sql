-- The same once the points have moved and the rows of the import are in place.
SELECT DISTINCT g.id, g.valid_from
FROM pipe_point AS c
JOIN pipe_point AS p ON p.id = c.past_of
JOIN pipe_segment AS g ON p.id IN (g.start_point_id, g.end_point_id) AND g.valid_to IS NULL
WHERE c.ended_import_id = :import_id AND g.import_id IS DISTINCT FROM :import_id
  AND (ST_Distance(c.geom, p.geom) > 0.0006 OR {rests_on_ground} AND app.differs(c.ground_level, p.ground_level))
