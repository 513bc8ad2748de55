-- Two lines that would change one segment: neither can be taken.
UPDATE survey_staged_line AS s SET change = 'refused'
FROM (
    SELECT living_id FROM survey_staged_line
    WHERE import_id = :import_id AND living_id IS NOT NULL AND change <> 'refused'
    GROUP BY living_id HAVING count(*) > 1
) AS double
WHERE s.import_id = :import_id AND s.living_id = double.living_id
