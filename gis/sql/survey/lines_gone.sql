-- Segments that end with the day for good.
UPDATE pipe_segment SET valid_to = :day, ended_import_id = :import_id WHERE id = ANY(:ids)
