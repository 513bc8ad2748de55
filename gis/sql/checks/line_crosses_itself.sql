SELECT row_id, NULL::float8 AS value, NULL::float8 AS limit_value, NULL::jsonb AS detail, geom
FROM checked_line WHERE ST_NPoints(geom) > 3 AND start_row <> end_row AND NOT ST_IsSimple(geom)
