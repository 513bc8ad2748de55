-- Lines of a class between the same two points, either way round, that run the same way. The first is named.
SELECT s.row_id, NULL::float8 AS value, NULL::float8 AS limit_value,
       jsonb_build_object('other', first.number) AS detail, s.geom
FROM (SELECT class_code, least(start_row, end_row) AS a, greatest(start_row, end_row) AS b, min(row_id) AS row_id
      FROM checked_line WHERE stays AND start_row <> end_row
      GROUP BY 1, 2, 3 HAVING count(*) > 1) AS pair
JOIN checked_line AS first ON first.row_id = pair.row_id
JOIN checked_line AS s ON least(s.start_row, s.end_row) = pair.a AND greatest(s.start_row, s.end_row) = pair.b
                      AND s.class_code = pair.class_code
WHERE s.stays AND s.row_id <> pair.row_id AND ST_HausdorffDistance(s.geom, first.geom) < :limit
