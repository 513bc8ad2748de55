-- The points where lines of the scope end outside it; nothing is told of them.
INSERT INTO checked_point
SELECT p.id, false, true, p.survey, p.point_no, 1, 1, p.class_code, p.sub_code, true, p.feature, p.appendage,
       nullif(p.ground_level, 'NaN'), nullif(btrim(p.extra->>'Map_No'), ''), coalesce(btrim(p.extra->>'TFH'), ''),
       '', '', NULL, '{{}}', p.geom
FROM (SELECT s.start_point_id FROM pipe_segment AS s WHERE s.valid_to IS NULL AND ({lines} OR {beside})
      UNION SELECT s.end_point_id FROM pipe_segment AS s WHERE s.valid_to IS NULL AND ({lines} OR {beside})
      EXCEPT SELECT row_id FROM checked_point) AS outside (id)
JOIN pipe_point AS p ON p.id = outside.id
