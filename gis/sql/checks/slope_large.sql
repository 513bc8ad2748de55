-- Over at least a metre: below that the fall of a short piece says more about its levels than about its slope.
SELECT s.row_id, round((abs(start_z - end_z) / length_m * 1000)::numeric, 1)::float8 AS value, l.value AS limit_value,
       jsonb_build_object('class', s.class_code) AS detail, s.geom
FROM checked_line AS s JOIN check_limit AS l ON l.code = 'slope_large' AND l.class_code = s.class_code
WHERE length_m >= 1 AND abs(start_z - end_z) / length_m * 1000 > l.value
