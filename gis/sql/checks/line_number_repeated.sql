-- Every row of a number after its first; of the same survey in the network too, where the import only adds.
SELECT s.row_id, s.occurrence::float8 AS value, NULL::float8 AS limit_value, NULL::jsonb AS detail, s.geom
FROM checked_line AS s
WHERE s.is_subject AND s.number IS NOT NULL
  AND (s.occurrence > 1
       OR (s.survey, s.number) IN (SELECT survey, number FROM checked_line WHERE NOT is_subject AND stays))
