-- Segments whose ends follow their points; levels stay as they were surveyed.
UPDATE pipe_segment AS p
SET geom = app.pipe_line(
        ST_SetPoint(ST_SetPoint(p.geom,
            0, ST_MakePoint(ST_X(a.geom), ST_Y(a.geom), ST_Z(ST_StartPoint(p.geom)))),
            -1, ST_MakePoint(ST_X(b.geom), ST_Y(b.geom), ST_Z(ST_EndPoint(p.geom)))),
        a.geom, b.geom,
        app.centre_level(f.at_bottom, p.start_level, a.ground_level, p.start_depth_m, p.height_mm),
        app.centre_level(f.at_bottom, p.end_level, b.ground_level, p.end_depth_m, p.height_mm)),
    valid_from = :day, import_id = :import_id
FROM pipe_point AS a, pipe_point AS b, app.depth_face AS f
WHERE p.id = ANY(:ids) AND a.id = p.start_point_id AND b.id = p.end_point_id
  AND (f.class_code, f.sub_code) = (p.class_code, p.sub_code) AND f.laying = coalesce(p.laying, '')
