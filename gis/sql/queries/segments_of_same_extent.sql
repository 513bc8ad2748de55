-- Segments in force that have the extent of one of many boxes (city's CRS), candidates for being the same line.
-- ~= compares what the GiST index holds, which is rounded: whether two lines are the same is for the caller.
SELECT DISTINCT s.segment_no, s.class_code, ST_AsBinary(ST_Force2D(s.geom)) AS line
FROM unnest(CAST(:wests AS float8[]), CAST(:souths AS float8[]),
            CAST(:easts AS float8[]), CAST(:norths AS float8[])) AS box (west, south, east, north)
JOIN pipe_segment AS s
  ON s.geom ~= ST_MakeEnvelope(box.west, box.south, box.east, box.north, CAST(:srid AS integer))
WHERE s.valid_to IS NULL
