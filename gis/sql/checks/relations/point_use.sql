-- point_use: how many lines meet at each point, and how deep they lie there. lines_at_most counts those too that
-- the import may replace. A line whose number came before in the import is that line again.
CREATE TEMPORARY TABLE point_use ON COMMIT DROP AS
SELECT e.row_id, CAST(count(*) FILTER (WHERE stays) AS integer) AS lines, CAST(count(*) AS integer) AS lines_at_most,
       max(e.down) AS deepest_m
FROM (SELECT start_row, start_down, stays FROM checked_line WHERE start_row IS NOT NULL AND (occurrence = 1 OR number IS NULL)
      UNION ALL
      SELECT end_row, end_down, stays FROM checked_line WHERE end_row IS NOT NULL AND (occurrence = 1 OR number IS NULL)
     ) AS e (row_id, down, stays)
GROUP BY e.row_id
