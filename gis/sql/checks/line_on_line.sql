-- Lines of a class with one drawing, either way round, between different points. The first is named.
-- Candidates share the middle of their ends and their length, in centimetres.
WITH drawn AS MATERIALIZED (
    SELECT row_id, class_code,
           round((ST_X(ST_StartPoint(geom)) + ST_X(ST_EndPoint(geom))) * 50) AS x,
           round((ST_Y(ST_StartPoint(geom)) + ST_Y(ST_EndPoint(geom))) * 50) AS y,
           round(length_m * 100) AS long
    FROM checked_line WHERE stays AND length_m > 0 AND start_row <> end_row
), shared AS (
    SELECT class_code, x, y, long, min(row_id) AS row_id FROM drawn GROUP BY 1, 2, 3, 4 HAVING count(*) > 1
)
SELECT s.row_id, NULL::float8 AS value, NULL::float8 AS limit_value,
       jsonb_build_object('other', first.number) AS detail, s.geom
FROM shared
JOIN drawn AS d USING (class_code, x, y, long)
JOIN checked_line AS first ON first.row_id = shared.row_id
JOIN checked_line AS s ON s.row_id = d.row_id
WHERE d.row_id <> shared.row_id
  AND NOT (s.start_row IN (first.start_row, first.end_row) AND s.end_row IN (first.start_row, first.end_row))
  AND ST_HausdorffDistance(s.geom, first.geom) < :limit
