-- The states that it ended live again.
UPDATE {table} AS p
SET ({state}) = ROW({state_of_c}), valid_from = c.valid_from, import_id = c.import_id
FROM {table} AS c
WHERE c.ended_import_id = :import_id AND p.id = c.past_of
