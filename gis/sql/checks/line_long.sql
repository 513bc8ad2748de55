SELECT s.row_id, round(length_m::numeric, 2)::float8 AS value, l.value AS limit_value,
       jsonb_build_object('class', s.class_code) AS detail, s.geom
FROM checked_line AS s JOIN check_limit AS l ON l.code = 'line_long' AND l.class_code = s.class_code
WHERE length_m > l.value
