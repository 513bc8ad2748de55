-- Living segments at a point; and of each whether its end there has a depth and no level, so that it rises and sinks
-- with the ground of the point.
SELECT g.id,
       CASE WHEN g.start_point_id = :point_id THEN g.start_level ELSE g.end_level END IS NULL
       AND CASE WHEN g.start_point_id = :point_id THEN g.start_depth_m ELSE g.end_depth_m END IS NOT NULL AS on_ground
FROM pipe_segment AS g
WHERE (g.start_point_id = :point_id OR g.end_point_id = :point_id) AND g.valid_to IS NULL
ORDER BY g.id
