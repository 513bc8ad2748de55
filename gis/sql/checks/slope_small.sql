SELECT row_id, round(((up_invert - down_invert) / length_m * 1000)::numeric, 2)::float8 AS value,
       CAST(:limit AS float8) AS limit_value, NULL::jsonb AS detail, geom
FROM checked_flow
WHERE length_m >= 1 AND up_invert - down_invert < :limit / 1000 * length_m
  AND up_invert - down_invert >= -CAST(:fall_error_m AS float8)  -- else slope_reversed says it
