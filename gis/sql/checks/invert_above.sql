-- At each node the lowest line that leaves it against the lowest that comes in: water stands below the step.
WITH coming AS (
    SELECT DISTINCT ON (down_row) down_row, down_invert, number
    FROM checked_flow WHERE down_invert IS NOT NULL ORDER BY down_row, down_invert
), leaving AS (
    SELECT DISTINCT ON (up_row) up_row, row_id, up_invert, geom
    FROM checked_flow WHERE up_invert IS NOT NULL ORDER BY up_row, up_invert
)
SELECT l.row_id, round((l.up_invert - c.down_invert)::numeric, 3)::float8 AS value, CAST(:limit AS float8) AS limit_value,
       jsonb_build_object('other', c.number, 'number', p.number) AS detail, l.geom
FROM leaving AS l
JOIN coming AS c ON c.down_row = l.up_row
JOIN checked_point AS p ON p.row_id = l.up_row
WHERE l.up_invert - c.down_invert > :limit + 1e-6
