-- carriageway_point: points that lie in the carriageway of a road, half its width to each side of its centre line.
CREATE TEMPORARY TABLE carriageway_point ON COMMIT DROP AS
SELECT DISTINCT p.row_id
FROM road AS r
JOIN checked_point AS p ON ST_DWithin(p.geom, r.geom, r.carriageway_m / 2)
WHERE r.valid_to IS NULL AND r.carriageway_m > 0
