-- Lines of the pipe classes :pipe_classes that were in the network at some time of [:first, :after), one row for
-- each line and calendar year: how many kilometre-years it adds. A year counts as one, leap year or not.
SELECT y.year, p.class_code, p.sub_code, p.material, p.width_mm, y.year - p.year_laid AS age,
       p.length_m / 1000
           * (least(coalesce(p.valid_to, y.after), y.after) - greatest(p.valid_from, y.first)) / y.days AS km_years
FROM (
    SELECT year, greatest(make_date(year, 1, 1), CAST(:first AS date)) AS first,
           least(make_date(year + 1, 1, 1), CAST(:after AS date)) AS after,
           CAST(make_date(year + 1, 1, 1) - make_date(year, 1, 1) AS double precision) AS days
    FROM generate_series(extract(year FROM CAST(:first AS date))::int,
                         extract(year FROM CAST(:after AS date) - 1)::int) AS year
) AS y
JOIN pipe_segment AS p ON p.valid_from < y.after AND (p.valid_to IS NULL OR p.valid_to > y.first)
WHERE p.class_code = ANY (:pipe_classes) AND p.usage_status <> :abandoned
