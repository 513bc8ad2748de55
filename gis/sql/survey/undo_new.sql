-- Rows that only this import brought.
DELETE FROM {table} AS p
WHERE p.import_id = :import_id AND p.past_of IS NULL
  AND NOT EXISTS (SELECT FROM {table} AS c WHERE c.past_of = p.id)
