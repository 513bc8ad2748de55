SELECT row_id, round((down_invert - up_invert)::numeric, 3)::float8 AS value, CAST(:limit AS float8) AS limit_value,
       NULL::jsonb AS detail, geom
FROM checked_flow WHERE down_invert - up_invert > :limit + 1e-6
