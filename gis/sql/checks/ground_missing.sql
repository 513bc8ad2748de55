SELECT row_id, NULL::float8 AS value, NULL::float8 AS limit_value, NULL::jsonb AS detail, geom
FROM checked_point WHERE ground_level IS NULL
