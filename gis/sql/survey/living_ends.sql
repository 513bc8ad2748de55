-- The points of the survey that live now: what segments may end at.
CREATE TEMPORARY TABLE survey_end ON COMMIT DROP AS
SELECT p.point_no, p.geom, p.ground_level, p.id AS living_id
FROM pipe_point AS p
WHERE p.survey = :survey AND p.valid_to IS NULL
