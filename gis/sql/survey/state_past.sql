-- States that a change by hand leaves behind, each a row of its own that ends on the day.
INSERT INTO {table} ({state}, valid_from, valid_to, past_of, import_id)
SELECT {state_of_c}, c.valid_from, :day, c.id, c.import_id
FROM {table} AS c
WHERE c.id = ANY(:ids)
