-- A cable laid directly in the soil has no bore.
SELECT row_id, NULL::float8 AS value, NULL::float8 AS limit_value, NULL::jsonb AS detail, geom
FROM checked_line
WHERE width_mm IS NULL AND NOT (class_code IN ('DL', 'TX') AND coalesce(laying, '') IN ('ZM', 'JK'))
