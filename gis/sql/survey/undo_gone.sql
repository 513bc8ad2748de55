UPDATE {table} SET valid_to = NULL, ended_import_id = NULL WHERE ended_import_id = :import_id AND past_of IS NULL
