-- What each row is found by: its names (rank 0 the Chinese one, 1 the English, more the aliases) and its addresses
-- of a road and a number. app.write_names copies these into search_name and search_door.

CREATE VIEW app.names_of_area AS
SELECT a.id AS ref_id, a.id AS row_id, min(n.rank)::smallint AS rank,
       (array_agg(n.name ORDER BY n.rank))[1] AS name, app.plain(n.name) AS plain,
       a.valid_to, ST_PointOnSurface(a.geom) AS geom
FROM public.area AS a CROSS JOIN LATERAL (VALUES (a.name_zh, 0), (a.name_en, 1)) AS n (name, rank)
WHERE app.plain(n.name) <> ''
GROUP BY a.id, app.plain(n.name);

CREATE VIEW app.names_of_duty_grid AS
SELECT d.id AS ref_id, d.id AS row_id, 0::smallint AS rank, d.name, app.plain(d.name) AS plain,
       d.valid_to, ST_PointOnSurface(d.geom) AS geom
FROM public.duty_grid AS d
WHERE app.plain(d.name) <> '';

-- One entry for all pieces of a Chinese name: the pieces in force, or, when none is, those that were last.
CREATE VIEW app.names_of_road AS
SELECT r.id AS ref_id, r.id AS row_id, min(n.rank)::smallint AS rank,
       (array_agg(n.name ORDER BY n.rank))[1] AS name, app.plain(n.name) AS plain, r.valid_to, r.geom, r.name_zh
FROM (
    SELECT min(id) AS id, name_zh, min(name_en) AS name_en,
           CASE WHEN bool_or(valid_to IS NULL) THEN NULL ELSE max(valid_to) END AS valid_to,
           ST_ClosestPoint(ST_Collect(geom), ST_Centroid(ST_Collect(geom))) AS geom
    FROM (SELECT *, bool_or(valid_to IS NULL) OVER (PARTITION BY name_zh) AS lives
          FROM public.road WHERE app.plain(name_zh) <> '') AS piece
    WHERE valid_to IS NULL OR NOT lives
    GROUP BY name_zh
) AS r CROSS JOIN LATERAL (VALUES (r.name_zh, 0), (r.name_en, 1)) AS n (name, rank)
WHERE app.plain(n.name) <> ''
GROUP BY r.id, app.plain(n.name), r.valid_to, r.geom, r.name_zh;

CREATE VIEW app.names_of_building AS
SELECT b.id AS ref_id, b.id AS row_id, 0::smallint AS rank, b.name, app.plain(b.name) AS plain,
       b.valid_to, ST_PointOnSurface(b.geom) AS geom
FROM public.building AS b
WHERE b.name <> '' AND app.plain(b.name) <> '';

-- A plate's name is its address.
CREATE VIEW app.names_of_place AS
SELECT coalesce(p.past_of, p.id) AS ref_id, p.id AS row_id, min(n.rank)::smallint AS rank,
       (array_agg(n.name ORDER BY n.rank))[1] AS name, app.plain(n.name) AS plain,
       p.valid_to, ST_PointOnSurface(p.geom) AS geom
FROM public.place AS p
CROSS JOIN LATERAL (
    SELECT p.name_zh, 0 UNION ALL SELECT p.name_en, 1
    UNION ALL SELECT a.name, 1 + a.n FROM unnest(p.aliases) WITH ORDINALITY AS a (name, n)
) AS n (name, rank)
WHERE p.type_code <> 'door_plate' AND app.plain(n.name) <> ''
GROUP BY p.id, app.plain(n.name);

CREATE VIEW app.doors_of_building AS
SELECT b.id AS ref_id, b.id AS row_id, b.address, d.part[1] AS road, d.part[2]::integer AS number, d.part[3] AS rest,
       b.valid_to, ST_PointOnSurface(b.geom) AS geom
FROM public.building AS b
CROSS JOIN LATERAL (
    SELECT regexp_match(regexp_replace(app.plain(b.address), (SELECT app.above_street()), ''),
                        '^(.*?[^0-9-])([0-9]{1,6})(?:号|#|(?=-))(.*)$')
) AS d (part)
WHERE b.address <> '' AND d.part IS NOT NULL;

-- A door was there under its former number; what was in a house before says nothing about its door.
CREATE VIEW app.doors_of_place AS
SELECT coalesce(p.past_of, p.id) AS ref_id, p.id AS row_id, a.address, d.part[1] AS road, d.part[2]::integer AS number,
       d.part[3] AS rest, p.valid_to, ST_PointOnSurface(p.geom) AS geom
FROM public.place AS p
CROSS JOIN LATERAL (
    SELECT coalesce(nullif(p.address, ''),
                    CASE WHEN p.road <> '' AND p.door_no <> '' THEN p.road || p.door_no || '号' ELSE p.name_zh END)
) AS a (address)
CROSS JOIN LATERAL (
    SELECT regexp_match(regexp_replace(app.plain(a.address), (SELECT app.above_street()), ''),
                        '^(.*?[^0-9-])([0-9]{1,6})(?:号|#|(?=-))(.*)$')
) AS d (part)
WHERE d.part IS NOT NULL AND (p.past_of IS NULL OR p.type_code = 'door_plate');
