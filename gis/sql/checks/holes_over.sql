SELECT row_id, used_holes::float8 AS value, total_holes::float8 AS limit_value, NULL::jsonb AS detail, geom
FROM checked_line WHERE used_holes > total_holes
