-- The states that surveyed points leave behind, each a row of its own that ends on the day.
INSERT INTO pipe_point ({point_state}, valid_from, valid_to, past_of, import_id, ended_import_id)
SELECT {point_state_of_p}, p.valid_from, :day, p.id, p.import_id, :import_id
FROM survey_staged_point AS s
JOIN pipe_point AS p ON p.id = s.living_id
WHERE s.import_id = :import_id AND s.change = 'changed' AND (s.is_clean OR NOT :only_clean)
