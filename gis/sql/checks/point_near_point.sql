-- Points of a class nearer to each other than the survey can tell apart: 0.10 of the depth for those that were
-- located from above, never less than :limit, never more than a metre. Two that a line joins were told apart by
-- the survey itself.
SELECT p.row_id, round(ST_Distance(p.geom, q.geom)::numeric, 3)::float8 AS value, apart.m AS limit_value,
       jsonb_build_object('other', q.number) AS detail, p.geom
FROM checked_point AS p
JOIN checked_point AS q ON q.geom && ST_Expand(p.geom, 1) AND q.class_code = p.class_code
                       AND q.row_id < p.row_id AND q.stays
LEFT JOIN point_use AS u ON u.row_id = p.row_id
LEFT JOIN point_use AS v ON v.row_id = q.row_id
CROSS JOIN LATERAL (SELECT least(1, greatest(CAST(:limit AS float8),
                                    CASE WHEN p.appendage = '' THEN :limit * u.deepest_m END,
                                    CASE WHEN q.appendage = '' THEN :limit * v.deepest_m END)) AS m) AS apart
WHERE p.is_subject AND ST_Distance(p.geom, q.geom) < apart.m
  AND NOT EXISTS (SELECT FROM checked_line AS s WHERE s.start_row = p.row_id AND s.end_row = q.row_id)
  AND NOT EXISTS (SELECT FROM checked_line AS s WHERE s.start_row = q.row_id AND s.end_row = p.row_id)
