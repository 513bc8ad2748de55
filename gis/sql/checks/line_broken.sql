-- A drawing of fewer than two places, or one with coordinates that are no numbers. A line that is drawn by its
-- points alone says nothing here: see end_missing and point_without_place.
SELECT row_id, NULL::float8 AS value, NULL::float8 AS limit_value, NULL::jsonb AS detail, geom
FROM checked_line WHERE is_drawn AND geom IS NULL
