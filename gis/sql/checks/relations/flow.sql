-- checked_flow: gravity lines with a stated direction of flow, from their upper to their lower end.
-- area_m2: the bore; a width unlike the height is a rectangle's.
CREATE TEMPORARY TABLE checked_flow ON COMMIT DROP AS
SELECT row_id, number, class_code, geom, length_m,
       CASE flow_direction WHEN '+' THEN start_row ELSE end_row END AS up_row,
       CASE flow_direction WHEN '+' THEN end_row ELSE start_row END AS down_row,
       CASE flow_direction WHEN '+' THEN start_invert ELSE end_invert END AS up_invert,
       CASE flow_direction WHEN '+' THEN end_invert ELSE start_invert END AS down_invert,
       width_mm, height_mm,
       CASE WHEN width_mm = coalesce(height_mm, width_mm) THEN pi() / 4 * width_mm * width_mm / 1e6
            ELSE width_mm::float8 * height_mm / 1e6 END AS area_m2
FROM checked_line
WHERE is_gravity AND flow_direction IN ('+', '-') AND start_row <> end_row AND stays
