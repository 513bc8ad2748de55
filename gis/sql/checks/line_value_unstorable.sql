SELECT c.row_id, NULL::float8 AS value, NULL::float8 AS limit_value,
       jsonb_build_object('fields', bad.fields) AS detail, c.geom
FROM survey_staged_line AS s
JOIN checked_line AS c ON c.row_id = s.id
CROSS JOIN LATERAL (SELECT concat_ws(', ',
    CASE WHEN length(s.segment_no) > 64 THEN 'segment_no' END,
    CASE WHEN length(s.element_code) > 8 THEN 'element_code' END,
    CASE WHEN length(s.size) > 20 THEN 'size' END,
    CASE WHEN length(s.data_source) > 16 THEN 'data_source' END,
    CASE WHEN s.width_mm <= 0 THEN 'width_mm' END,
    CASE WHEN s.height_mm <= 0 THEN 'height_mm' END,
    CASE WHEN s.total_holes < 0 THEN 'total_holes' END,
    CASE WHEN s.used_holes < 0 THEN 'used_holes' END,
    CASE WHEN s.pressure_mpa < 0 THEN 'pressure_mpa' END,
    CASE WHEN s.voltage_kv < 0 THEN 'voltage_kv' END,
    CASE WHEN s.flow_direction NOT IN ('+', '-', '0') THEN 'flow_direction' END,
    CASE WHEN s.material NOT IN (SELECT code FROM pipe_material) THEN 'material' END,
    CASE WHEN s.laying NOT IN (SELECT code FROM laying_method) THEN 'laying' END,
    CASE WHEN s.pressure_band NOT IN (SELECT code FROM pressure_band) THEN 'pressure_band' END,
    CASE WHEN s.usage_status NOT IN (SELECT code FROM usage_status) THEN 'usage_status' END) AS fields) AS bad
WHERE s.import_id = :import_id AND bad.fields <> ''
