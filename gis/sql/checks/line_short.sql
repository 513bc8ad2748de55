SELECT row_id, round(length_m::numeric, 3)::float8 AS value, CAST(:limit AS float8) AS limit_value,
       NULL::jsonb AS detail, geom
FROM checked_line WHERE length_m > 0 AND length_m < :limit
