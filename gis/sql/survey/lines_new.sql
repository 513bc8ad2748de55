-- New segments between points that live.
INSERT INTO pipe_segment (survey, segment_no, {line_surveyed}, start_point_id, end_point_id, geom, valid_from, import_id)
SELECT r.survey, r.segment_no, {line_surveyed_of_r}, r.start_point_id, r.end_point_id, r.geom, :day, :import_id
FROM survey_line AS r
WHERE r.change = 'new'
