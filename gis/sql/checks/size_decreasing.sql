-- At each node the largest line that leaves it against the largest that comes in.
WITH coming AS (
    SELECT DISTINCT ON (down_row) down_row AS row_id, area_m2, width_mm, height_mm, number
    FROM checked_flow WHERE area_m2 IS NOT NULL ORDER BY down_row, area_m2 DESC
), leaving AS (
    SELECT DISTINCT ON (up_row) up_row, row_id, area_m2, width_mm, height_mm, geom
    FROM checked_flow WHERE area_m2 IS NOT NULL ORDER BY up_row, area_m2 DESC
)
SELECT l.row_id, l.width_mm::float8 AS value, c.width_mm::float8 AS limit_value,
       jsonb_build_object('other', c.number, 'height', l.height_mm, 'other_height', c.height_mm) AS detail, l.geom
FROM leaving AS l JOIN coming AS c ON c.row_id = l.up_row
WHERE l.area_m2 < c.area_m2 * 0.999
