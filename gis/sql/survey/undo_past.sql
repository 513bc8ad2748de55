DELETE FROM {table} WHERE ended_import_id = :import_id AND past_of IS NOT NULL
