SELECT p.row_id, NULL::float8 AS value, NULL::float8 AS limit_value, NULL::jsonb AS detail, p.geom
FROM checked_point AS p LEFT JOIN point_use AS u USING (row_id)
WHERE u.row_id IS NULL AND p.occurrence = 1
