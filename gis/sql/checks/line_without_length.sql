SELECT s.row_id, s.length_m AS value, NULL::float8 AS limit_value, NULL::jsonb AS detail, s.geom
FROM checked_line AS s WHERE s.length_m = 0 AND s.start_row <> s.end_row
