SELECT s.row_id, s.year_laid::float8 AS value,
       CASE WHEN s.year_laid < r.first_year THEN r.first_year ELSE r.last_year END::float8 AS limit_value,
       jsonb_build_object('material', s.material, 'class', s.class_code, 'status', r.status,
                          'bound', CASE WHEN s.year_laid < r.first_year THEN 'first' ELSE 'last' END) AS detail,
       s.geom
FROM checked_line AS s
JOIN material_rule AS r ON r.class_code = s.class_code AND r.material = s.material
WHERE s.year_laid < r.first_year OR s.year_laid > r.last_year
