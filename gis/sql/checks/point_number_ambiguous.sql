SELECT row_id, occurrences::float8 AS value, 1::float8 AS limit_value, NULL::jsonb AS detail, geom
FROM checked_point WHERE number IS NOT NULL AND occurrence = 1 AND occurrences > 1
