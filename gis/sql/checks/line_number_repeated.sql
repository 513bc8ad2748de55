-- Every row of a number after its first; of the same survey in the network too, where the import only adds.
SELECT s.row_id, s.occurrence::float8 AS value, NULL::float8 AS limit_value, NULL::jsonb AS detail, s.geom
FROM checked_line AS s
WHERE s.is_subject AND s.number IS NOT NULL
  AND (s.occurrence > 1
       OR EXISTS (SELECT FROM checked_line AS known
                  WHERE NOT known.is_subject AND known.stays AND known.survey = s.survey AND known.number = s.number))
