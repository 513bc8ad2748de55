-- Lines whose end point has an error of this run, and no fatal finding.
SELECT s.row_id, NULL::float8 AS value, NULL::float8 AS limit_value,
       jsonb_build_object('numbers', string_agg(p.number, ', ' ORDER BY p.row_id)) AS detail, s.geom
FROM (SELECT row_id FROM pipe_finding
      WHERE run_id = :run_id AND severity IN ('fatal', 'error') AND subject = 'point'
      GROUP BY row_id HAVING bool_and(severity = 'error')) AS bad
JOIN checked_point AS p USING (row_id)
JOIN checked_line AS s ON p.row_id IN (s.start_row, s.end_row)
GROUP BY s.row_id, s.geom
