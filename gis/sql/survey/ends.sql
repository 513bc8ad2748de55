-- The points of a survey by number as they would be: those of the import, else those that live.
CREATE TEMPORARY TABLE survey_end ON COMMIT DROP AS
SELECT s.point_no, s.geom, s.ground_level, s.living_id
FROM survey_staged_point AS s
WHERE s.import_id = :import_id AND s.change <> 'refused'
UNION ALL
SELECT p.point_no, p.geom, p.ground_level, p.id
FROM pipe_point AS p
WHERE p.survey = :survey AND p.valid_to IS NULL
  AND NOT EXISTS (SELECT FROM survey_staged_point AS s
                  WHERE s.import_id = :import_id AND s.point_no = p.point_no AND s.change <> 'refused')
