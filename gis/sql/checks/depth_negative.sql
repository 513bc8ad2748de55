SELECT row_id, round(least(start_down, end_down)::numeric, 3)::float8 AS value, 0::float8 AS limit_value,
       jsonb_build_object('laying', laying) AS detail, geom
FROM checked_line WHERE least(start_down, end_down) < -0.0005 AND NOT may_be_above
