-- Segments by id as a profile needs them, with their names; what they were on a day where one is given.
SELECT coalesce(s.past_of, s.id) AS id, s.segment_no, s.class_code, s.sub_code,
       s.start_point_id, s.end_point_id, s.start_depth_m, s.end_depth_m, s.start_level, s.end_level,
       s.size, s.width_mm, s.height_mm, s.material, t.name_zh AS material_zh, t.name_en AS material_en,
       s.laying, coalesce(l.is_trench, false) AS is_trench, s.pressure_band, s.pressure_mpa, s.total_holes, s.flow_direction,
       s.year_laid, s.usage_status, s.road_name, s.length_m, ST_AsBinary(ST_Force2D(s.geom)) AS line
FROM pipe_segment AS s
LEFT JOIN pipe_material AS t ON t.code = s.material
LEFT JOIN laying_method AS l ON l.code = s.laying
WHERE (s.id = ANY (:ids) AND s.past_of IS NULL OR s.past_of = ANY (:ids))
  AND (CAST(:as_of AS date) IS NULL AND s.valid_to IS NULL
       OR s.valid_from <= :as_of AND (s.valid_to IS NULL OR s.valid_to > :as_of))
