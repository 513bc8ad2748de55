SELECT s.row_id, round(greatest(start_down, end_down)::numeric, 3)::float8 AS value, l.value AS limit_value,
       jsonb_build_object('class', s.class_code) AS detail, s.geom
FROM checked_line AS s JOIN check_limit AS l ON l.code = 'depth_large' AND l.class_code = s.class_code
WHERE greatest(start_down, end_down) > l.value
