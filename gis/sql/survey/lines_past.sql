-- The states that surveyed segments leave behind.
INSERT INTO pipe_segment ({line_state}, valid_from, valid_to, past_of, import_id, ended_import_id)
SELECT {line_state_of_p}, p.valid_from, :day, p.id, p.import_id, :import_id
FROM survey_line AS r
JOIN pipe_segment AS p ON p.id = r.id
WHERE r.change = 'changed'
