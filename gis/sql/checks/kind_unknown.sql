SELECT p.row_id, NULL::float8 AS value, NULL::float8 AS limit_value,
       jsonb_build_object('kind', kind.code, 'class', p.class_code) AS detail, p.geom
FROM checked_point AS p
CROSS JOIN LATERAL (VALUES ('feature', p.feature), ('appendage', p.appendage)) AS kind (role, code)
LEFT JOIN point_kind AS k ON (k.class_code, k.role, k.code) = (p.class_code, kind.role, kind.code)
WHERE p.class_known AND kind.code <> '' AND k.code IS NULL
