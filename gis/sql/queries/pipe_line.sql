-- The line of a segment as it is stored: heights at its ends by levels, or by ground and depth; where neither is known,
-- as drawn. See app.pipe_line.
SELECT app.pipe_line(
    ST_SetSRID(CAST(:drawn AS geometry), :srid), a.geom, b.geom,
    app.centre_level(f.at_bottom, CAST(:start_level AS float8), a.ground_level, CAST(:start_depth_m AS float8),
                     CAST(:height_mm AS integer)),
    app.centre_level(f.at_bottom, CAST(:end_level AS float8), b.ground_level, CAST(:end_depth_m AS float8),
                     CAST(:height_mm AS integer))) AS geom
FROM pipe_point AS a, pipe_point AS b, app.depth_face AS f
WHERE a.id = :start_point_id AND b.id = :end_point_id
  AND (f.class_code, f.sub_code, f.laying) = (:class_code, :sub_code, :laying)
