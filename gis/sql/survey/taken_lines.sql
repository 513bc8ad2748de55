-- The lines of the import that are taken, as rows of the network between points that live; see living_ends.sql.
-- Where only clean rows are, a line stays out with its ends, or where its living end lies elsewhere than it was drawn.
CREATE TEMPORARY TABLE survey_line ON COMMIT DROP AS
SELECT r.staged_id, r.change, r.living_id AS id, r.survey, r.segment_no, {line_surveyed_of_r},
       a.living_id AS start_point_id, b.living_id AS end_point_id, {line} AS geom
FROM app.ready_line AS r
JOIN survey_end AS a ON a.point_no = r.start_no
JOIN survey_end AS b ON b.point_no = r.end_no
WHERE r.import_id = :import_id AND r.change IN ('new', 'changed') AND (r.is_clean OR NOT :only_clean)
  AND (r.drawn IS NULL OR ST_Distance(ST_StartPoint(r.drawn), a.geom) <= 0.01
                      AND ST_Distance(ST_EndPoint(r.drawn), b.geom) <= 0.01)
