-- Every row of a number after its first; of the same survey in the network too, where the import only adds.
SELECT p.row_id, p.occurrence::float8 AS value, NULL::float8 AS limit_value, NULL::jsonb AS detail, p.geom
FROM checked_point AS p
WHERE p.is_subject AND p.number IS NOT NULL
  AND (p.occurrence > 1
       OR (p.survey, p.number) IN (SELECT survey, number FROM checked_point WHERE NOT is_subject AND stays))
