-- What the layers areas, unit_grids, duty_grids, roads and buildings read: rows in force, with the names of
-- what they refer to. Every join is a LEFT JOIN on a key, so that a tile that asks for few columns pays for none.

CREATE VIEW app.areas_ever AS
SELECT a.id, a.code, a.level, a.name_zh, a.name_en, a.population, a.note,
       p.name_zh AS parent_zh, p.name_en AS parent_en,
       round((ST_Area(a.geom) / 1e6)::numeric, 2) AS area_km2,
       CASE a.level
           WHEN 'community' THEN (SELECT count(*) FROM public."case" AS c
                                  WHERE c.community_id = a.id AND c.state NOT IN ('closed', 'refused', 'void'))
           WHEN 'street' THEN (SELECT count(*) FROM public."case" AS c
                               WHERE c.street_id = a.id AND c.state NOT IN ('closed', 'refused', 'void'))
       END AS open_cases,
       a.valid_from, a.valid_to, a.id AS entity_id, a.geom
FROM public.area AS a
LEFT JOIN public.area AS p ON p.id = a.parent_id;

CREATE VIEW app.areas AS
SELECT * FROM app.areas_ever WHERE valid_to IS NULL OR valid_to > current_date;

CREATE VIEW app.unit_grids_ever AS
SELECT g.id, g.code, g.name, g.area_m2, g.land_use, g.note,
       c.name_zh AS community_zh, c.name_en AS community_en,
       s.name_zh AS street_zh, s.name_en AS street_en,
       d.code AS duty_grid,
       (SELECT count(*) FROM public."case" AS k
        WHERE k.unit_grid_id = g.id AND k.state NOT IN ('closed', 'refused', 'void')) AS open_cases,
       g.valid_from, g.valid_to, g.id AS entity_id, g.geom
FROM public.unit_grid AS g
LEFT JOIN public.area AS c ON c.id = g.community_id
LEFT JOIN public.area AS s ON s.id = c.parent_id
LEFT JOIN public.duty_grid AS d ON d.id = g.duty_grid_id;

CREATE VIEW app.unit_grids AS
SELECT * FROM app.unit_grids_ever WHERE valid_to IS NULL OR valid_to > current_date;

CREATE VIEW app.duty_grids_ever AS
SELECT d.id, d.code, d.name, s.name_zh AS street_zh, s.name_en AS street_en,
       (SELECT count(*) FROM public.unit_grid AS g
        WHERE g.duty_grid_id = d.id AND (g.valid_to IS NULL OR g.valid_to > current_date)) AS unit_grids,
       (SELECT string_agg(p.name, ', ' ORDER BY p.name)
        FROM public.person_duty_grid AS w JOIN public.person AS p ON p.id = w.person_id
        WHERE w.duty_grid_id = d.id AND p.active) AS inspectors,
       round((ST_Area(d.geom) / 1e6)::numeric, 2) AS area_km2,
       d.valid_from, d.valid_to, d.id AS entity_id, d.geom
FROM public.duty_grid AS d
LEFT JOIN public.area AS s ON s.id = d.street_id;

CREATE VIEW app.duty_grids AS
SELECT * FROM app.duty_grids_ever WHERE valid_to IS NULL OR valid_to > current_date;

CREATE VIEW app.roads_ever AS
SELECT r.id, r.code, r.name_zh, r.name_en, r.grade, r.width_m, r.carriageway_m, r.opened_on, r.overhauled_on,
       round(ST_Length(r.geom)::numeric, 1) AS length_m, r.valid_from, r.valid_to, r.id AS entity_id, r.geom
FROM public.road AS r;

CREATE VIEW app.roads AS
SELECT * FROM app.roads_ever WHERE valid_to IS NULL OR valid_to > current_date;

CREATE VIEW app.buildings_ever AS
SELECT b.id, b.code, b.name, b.address, b.use, b.floors, b.height_m,
       round(ST_Area(b.geom)::numeric, 1) AS footprint_m2, b.valid_from, b.valid_to, b.id AS entity_id, b.geom
FROM public.building AS b;

CREATE VIEW app.buildings AS
SELECT * FROM app.buildings_ever WHERE valid_to IS NULL OR valid_to > current_date;
