-- Rows of a table that end with the day for good.
UPDATE {table} SET valid_to = :day, ended_import_id = :import_id WHERE id = ANY(:ids)
