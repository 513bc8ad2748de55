-- Points of the network beside those of an import, in the squares of 200 m where the import has points, and those
-- of the same survey that its lines name without bringing them.
-- :adds: the same number of the same survey is another row; else the import brings that row anew.
-- :keeps: rows of the same survey that the import does not bring stay as they are.
INSERT INTO checked_point
SELECT -p.id, false, :keeps OR p.survey <> :survey, p.survey, p.point_no, 1, 1, p.class_code, p.sub_code, true,
       p.feature, p.appendage, nullif(p.ground_level, 'NaN'), nullif(btrim(p.extra->>'Map_No'), ''),
       coalesce(btrim(p.extra->>'TFH'), ''), '', '', NULL, '{}', p.geom
FROM (
    SELECT around.id
    FROM (SELECT DISTINCT floor(ST_X(geom) / 200) AS i, floor(ST_Y(geom) / 200) AS j
          FROM checked_point WHERE geom IS NOT NULL) AS square
    JOIN pipe_point AS around
      ON around.geom && ST_MakeEnvelope(200 * i, 200 * j, 200 * (i + 1), 200 * (j + 1), CAST(:srid AS integer))
    WHERE around.valid_to IS NULL
    UNION
    SELECT named.id
    FROM (SELECT btrim(start_no) FROM survey_staged_line WHERE import_id = :import_id
          UNION SELECT btrim(end_no) FROM survey_staged_line WHERE import_id = :import_id
          EXCEPT SELECT number FROM checked_point) AS missing (number)
    JOIN pipe_point AS named ON named.survey = :survey AND named.point_no = missing.number
    WHERE named.valid_to IS NULL
    UNION
    SELECT known.id
    FROM checked_point AS staged
    JOIN pipe_point AS known ON known.survey = :survey AND known.point_no = staged.number
    WHERE :adds AND known.valid_to IS NULL
) AS beside
JOIN pipe_point AS p ON p.id = beside.id
LEFT JOIN (SELECT DISTINCT number FROM checked_point WHERE NOT :adds) AS brought
       ON brought.number = p.point_no AND p.survey = :survey
WHERE brought.number IS NULL
