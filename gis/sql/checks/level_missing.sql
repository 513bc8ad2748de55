SELECT s.row_id, NULL::float8 AS value, NULL::float8 AS limit_value,
       jsonb_build_object('end', CASE WHEN start_z IS NOT NULL THEN 'end' WHEN end_z IS NOT NULL THEN 'start'
                                      ELSE 'both' END) AS detail, s.geom
FROM checked_line AS s WHERE start_z IS NULL OR end_z IS NULL
