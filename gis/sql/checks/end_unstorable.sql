-- Lines whose end point has a fatal finding of this run: see the order of the table of checks.
SELECT s.row_id, NULL::float8 AS value, NULL::float8 AS limit_value,
       jsonb_build_object('numbers', string_agg(p.number, ', ' ORDER BY p.row_id)) AS detail, s.geom
FROM (SELECT DISTINCT row_id FROM pipe_finding
      WHERE run_id = :run_id AND severity = 'fatal' AND subject = 'point') AS bad
JOIN checked_point AS p USING (row_id)
JOIN checked_line AS s ON p.row_id IN (s.start_row, s.end_row)
GROUP BY s.row_id, s.geom
