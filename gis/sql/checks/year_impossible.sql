SELECT row_id, year_laid::float8 AS value, extract(year FROM current_date)::float8 AS limit_value,
       NULL::jsonb AS detail, geom
FROM checked_line
WHERE year_laid > extract(year FROM current_date) OR year_laid < CAST(:limit AS integer)
