-- New states of the segments that live.
UPDATE pipe_segment AS p
SET ({line_surveyed}) = ROW({line_surveyed_of_r}), start_point_id = r.start_point_id,
    end_point_id = r.end_point_id, geom = r.geom, valid_from = :day, import_id = :import_id
FROM survey_line AS r
WHERE p.id = r.id AND r.change = 'changed'
