-- Lines of an import that were numbered by their ends and run parallel: from the second on, the number
-- is told apart by /2, /3 in the order of the files.
UPDATE survey_staged_line AS line
SET segment_no = line.segment_no || '/' || parallel.place
FROM (
    SELECT id, row_number() OVER (PARTITION BY segment_no ORDER BY id) AS place
    FROM survey_staged_line
    WHERE import_id = :import_id AND segment_no = start_no || '-' || end_no
) AS parallel
WHERE parallel.id = line.id AND parallel.place > 1
