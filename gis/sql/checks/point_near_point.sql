-- Points of a class nearer to each other than the survey can tell apart: 0.10 of the depth for those that were
-- located from above, never less than :limit, never more than a metre. Two that a line joins were told apart by
-- the survey itself. Pairs are met in squares of 16 m: each point in its own, and with a metre around it in
-- those that it may share with another; the join is by equality, which is much quicker than an index of places.
WITH place AS MATERIALIZED (
    SELECT row_id, class_code, number, appendage, is_subject, stays, geom, ST_X(geom) AS x, ST_Y(geom) AS y,
           floor(ST_X(geom) / 16)::integer AS i, floor(ST_Y(geom) / 16)::integer AS j
    FROM checked_point WHERE geom IS NOT NULL AND ST_X(geom) BETWEEN -1e9 AND 1e9
), pair AS (
    SELECT p.row_id, q.row_id AS other_row, p.geom, q.number AS other, p.appendage, q.appendage AS other_appendage,
           sqrt((p.x - q.x) ^ 2 + (p.y - q.y) ^ 2) AS m
    FROM place AS p
    CROSS JOIN generate_series(floor((p.x - 1) / 16)::integer, floor((p.x + 1) / 16)::integer) AS near_i
    CROSS JOIN generate_series(floor((p.y - 1) / 16)::integer, floor((p.y + 1) / 16)::integer) AS near_j
    JOIN place AS q ON q.class_code = p.class_code AND q.i = near_i AND q.j = near_j
    WHERE q.row_id < p.row_id AND p.is_subject AND q.stays AND abs(p.x - q.x) < 1 AND abs(p.y - q.y) < 1
)
SELECT pair.row_id, round(pair.m::numeric, 3)::float8 AS value, apart.m AS limit_value,
       jsonb_build_object('other', pair.other) AS detail, pair.geom
FROM pair
LEFT JOIN point_use AS u ON u.row_id = pair.row_id
LEFT JOIN point_use AS v ON v.row_id = pair.other_row
CROSS JOIN LATERAL (SELECT least(1, greatest(CAST(:limit AS float8),
                                    CASE WHEN pair.appendage = '' THEN :limit * u.deepest_m END,
                                    CASE WHEN pair.other_appendage = '' THEN :limit * v.deepest_m END)) AS m) AS apart
WHERE pair.m < apart.m
  AND NOT EXISTS (SELECT FROM checked_line AS s WHERE s.start_row = pair.row_id AND s.end_row = pair.other_row)
  AND NOT EXISTS (SELECT FROM checked_line AS s WHERE s.start_row = pair.other_row AND s.end_row = pair.row_id)
