-- The states of segments that a moved point takes along.
INSERT INTO pipe_segment ({line_state}, valid_from, valid_to, past_of, import_id, ended_import_id)
SELECT {line_state_of_p}, p.valid_from, :day, p.id, p.import_id, :import_id
FROM pipe_segment AS p
WHERE p.id = ANY(:ids)
