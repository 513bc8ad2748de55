-- Parts of the pressure networks that no line joins to the largest of their kind, each told once.
WITH part AS (
    SELECT c.*, rank() OVER (PARTITION BY c.class_code, c.sub_code ORDER BY c.lines DESC, c.row_id) AS place,
           count(*) OVER (PARTITION BY c.class_code, c.sub_code) AS parts
    FROM checked_component AS c
    JOIN pipe_main_class AS m ON m.class_code = c.class_code AND m.can_be_isolated
)
SELECT p.row_id, part.lines::float8 AS value, NULL::float8 AS limit_value,
       jsonb_build_object('parts', part.parts) AS detail, p.geom
FROM part JOIN checked_point AS p USING (row_id)
WHERE part.place > 1
