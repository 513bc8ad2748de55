-- Living rows of the survey that no row of the import is about. A point stays while its number is in the files, and
-- while a segment of any survey ends at it that neither goes nor is surveyed anew: that one ends at what its line names.
WITH line AS (
    SELECT g.id, g.valid_from
    FROM pipe_segment AS g
    WHERE g.survey = :survey AND g.valid_to IS NULL
      AND NOT EXISTS (SELECT FROM survey_staged_line AS s WHERE s.import_id = :import_id AND s.living_id = g.id)
), leaving AS (
    SELECT id FROM line
    UNION ALL
    SELECT s.living_id FROM survey_staged_line AS s WHERE s.import_id = :import_id AND s.change = 'changed'
), point AS MATERIALIZED (
    SELECT p.id, p.valid_from
    FROM pipe_point AS p
    WHERE p.survey = :survey AND p.valid_to IS NULL
      AND NOT EXISTS (SELECT FROM survey_staged_point AS s WHERE s.import_id = :import_id AND s.living_id = p.id)
      AND p.point_no NOT IN (SELECT unnest(ARRAY[s.start_no, s.end_no]) FROM survey_staged_line AS s
                             WHERE s.import_id = :import_id AND s.start_no <> '' AND s.end_no <> '')
), held AS (
    SELECT p.id
    FROM point AS p
    JOIN pipe_segment AS g ON p.id IN (g.start_point_id, g.end_point_id) AND g.valid_to IS NULL
    WHERE NOT EXISTS (SELECT FROM leaving AS l WHERE l.id = g.id)
)
SELECT 'line' AS subject, id, valid_from FROM line
UNION ALL
SELECT 'point', p.id, p.valid_from
FROM point AS p
WHERE NOT EXISTS (SELECT FROM held AS h WHERE h.id = p.id)
