-- Map numbers are unique inside a sheet of a survey. The first of them is named.
SELECT p.row_id, NULL::float8 AS value, NULL::float8 AS limit_value,
       jsonb_build_object('map_no', p.map_no, 'other', first.number) AS detail, p.geom
FROM (SELECT survey, map_sheet, map_no, min(row_id) AS row_id
      FROM checked_point WHERE map_no IS NOT NULL AND stays
      GROUP BY survey, map_sheet, map_no HAVING count(*) > 1) AS shared
JOIN checked_point AS first ON first.row_id = shared.row_id
JOIN checked_point AS p ON (p.survey, p.map_sheet, p.map_no) = (shared.survey, shared.map_sheet, shared.map_no)
WHERE p.row_id <> shared.row_id
