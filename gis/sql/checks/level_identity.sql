-- The end where ground, depth and level contradict each other most.
SELECT s.row_id, round(worst.off::numeric, 3)::float8 AS value, CAST(:limit AS float8) AS limit_value,
       jsonb_build_object('end', worst.which, 'ground', worst.ground, 'depth', worst.depth, 'level', worst.level)
           AS detail, s.geom
FROM checked_line AS s
CROSS JOIN LATERAL (
    SELECT which, ground, depth, level, abs(ground - depth - level) AS off
    FROM (VALUES ('start', start_ground, nullif(start_depth_m, 'NaN'), nullif(start_level, 'NaN')),
                 ('end', end_ground, nullif(end_depth_m, 'NaN'), nullif(end_level, 'NaN')))
         AS e (which, ground, depth, level)
    ORDER BY off DESC NULLS LAST LIMIT 1) AS worst
-- What is written to the centimetre may be off by a rounding of a rounding.
WHERE worst.off > :limit + 1e-6
  AND (abs(start_ground - start_depth_m - start_level) > :limit OR abs(end_ground - end_depth_m - end_level) > :limit)
