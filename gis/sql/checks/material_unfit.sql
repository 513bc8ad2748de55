SELECT s.row_id, NULL::float8 AS value, NULL::float8 AS limit_value,
       jsonb_build_object('material', s.material, 'class', s.class_code, 'status', r.status) AS detail, s.geom
FROM checked_line AS s
JOIN material_rule AS r ON r.class_code = s.class_code AND r.material = s.material
WHERE r.first_year IS NULL AND r.last_year IS NULL
