-- What has happened since to the rows that an import brought or ended: one line each, for the first of each kind.
(SELECT 'point' AS subject, point_no AS number FROM pipe_point
 WHERE import_id = :import_id AND valid_to IS NOT NULL LIMIT 1)
UNION ALL
(SELECT 'line', segment_no FROM pipe_segment
 WHERE import_id = :import_id AND valid_to IS NOT NULL LIMIT 1)
UNION ALL
-- Another survey's segment ends at a point that only this import brought.
(SELECT 'line', g.segment_no FROM pipe_point AS p
 JOIN pipe_segment AS g ON p.id IN (g.start_point_id, g.end_point_id) AND g.import_id IS DISTINCT FROM :import_id
 WHERE p.import_id = :import_id
   AND NOT EXISTS (SELECT FROM pipe_point AS c WHERE c.past_of = p.id)
 LIMIT 1)
UNION ALL
-- The number of a row that it ended is in use again.
(SELECT 'point', p.point_no FROM pipe_point AS p
 JOIN pipe_point AS q ON (q.survey, q.point_no) = (p.survey, p.point_no) AND q.valid_to IS NULL
 WHERE p.ended_import_id = :import_id AND p.past_of IS NULL LIMIT 1)
UNION ALL
(SELECT 'line', g.segment_no FROM pipe_segment AS g
 JOIN pipe_segment AS q ON (q.survey, q.segment_no) = (g.survey, g.segment_no) AND q.valid_to IS NULL
 WHERE g.ended_import_id = :import_id AND g.past_of IS NULL LIMIT 1)
