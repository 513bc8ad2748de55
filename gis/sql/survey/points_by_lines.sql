-- Points whose table names only their class have the sub-class that most lines ending at them have, of two that are
-- equally many the first; where no line does, that of the living point of their number.
UPDATE survey_staged_point AS p SET sub_code = k.sub_code
FROM (
    SELECT DISTINCT ON (number, class_code) number, class_code, sub_code
    FROM (
        SELECT e.number, s.class_code, s.sub_code, count(*) AS lines
        FROM survey_staged_line AS s CROSS JOIN LATERAL (VALUES (s.start_no), (s.end_no)) AS e (number)
        WHERE s.import_id = :import_id AND s.sub_code IS NOT NULL
        GROUP BY 1, 2, 3
        UNION ALL
        SELECT q.point_no, q.class_code, q.sub_code, 0
        FROM pipe_point AS q
        WHERE q.survey = :survey AND q.valid_to IS NULL
    ) AS known
    ORDER BY number, class_code, lines DESC, sub_code
) AS k
WHERE p.import_id = :import_id AND p.sub_code IS NULL AND k.number = p.point_no AND k.class_code = p.class_code
