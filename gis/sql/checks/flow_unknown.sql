SELECT row_id, round(abs(start_invert - end_invert)::numeric, 3)::float8 AS value, NULL::float8 AS limit_value,
       jsonb_build_object('falls_to', CASE WHEN start_invert > end_invert THEN 'end'
                                           WHEN start_invert < end_invert THEN 'start' ELSE '' END) AS detail, geom
FROM checked_line WHERE is_gravity AND flow_direction NOT IN ('+', '-')
