-- Points that end with the day for good, once the lines of the import are in place. Where a line that was to leave
-- a point has not been taken, as only clean rows are, the point stays with it.
UPDATE pipe_point AS p SET valid_to = :day, ended_import_id = :import_id
WHERE p.id = ANY(:ids)
  AND NOT EXISTS (SELECT FROM pipe_segment AS g WHERE g.start_point_id = p.id AND g.valid_to IS NULL)
  AND NOT EXISTS (SELECT FROM pipe_segment AS g WHERE g.end_point_id = p.id AND g.valid_to IS NULL)
