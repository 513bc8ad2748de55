-- What the tables tile_* hold: rows in force as tiles show them, in the projection of tiles and without heights.
-- One view a table, named app.<table>, with its columns. A line belongs to the cell of zoom 13 it begins in.

CREATE VIEW app.tile_area AS
SELECT a.id, a.code, a.level, a.name_zh, a.name_en, a.valid_to AS ends_on,
       ST_Transform(ST_PointOnSurface(a.geom), 3857) AS label, ST_Transform(a.geom, 3857) AS geom
FROM public.area AS a
WHERE a.valid_to IS NULL OR a.valid_to > current_date;

CREATE VIEW app.tile_unit_grid AS
SELECT g.id, g.code, g.valid_to AS ends_on,
       ST_Transform(ST_PointOnSurface(g.geom), 3857) AS label, ST_Transform(g.geom, 3857) AS geom
FROM public.unit_grid AS g
WHERE g.valid_to IS NULL OR g.valid_to > current_date;

CREATE VIEW app.tile_duty_grid AS
SELECT d.id, d.code, d.name, d.valid_to AS ends_on,
       ST_Transform(ST_PointOnSurface(d.geom), 3857) AS label, ST_Transform(d.geom, 3857) AS geom
FROM public.duty_grid AS d
WHERE d.valid_to IS NULL OR d.valid_to > current_date;

CREATE VIEW app.tile_building AS
SELECT b.id, b.valid_to AS ends_on, ST_Transform(b.geom, 3857) AS geom
FROM public.building AS b
WHERE b.valid_to IS NULL OR b.valid_to > current_date;

CREATE VIEW app.tile_road AS
SELECT r.id, r.grade, r.name_zh, r.name_en, r.valid_to AS ends_on,
       app.tile_number(ST_X(f.start), 13) AS cell_x, app.tile_number(-ST_Y(f.start), 13) AS cell_y, f.geom
FROM public.road AS r
CROSS JOIN LATERAL (SELECT t AS geom, ST_StartPoint(t) AS start FROM ST_Transform(r.geom, 3857) AS t) AS f
WHERE r.valid_to IS NULL OR r.valid_to > current_date;

-- In two dimensions first: clipping a LINESTRING Z fails in PostGIS with "mixed dimension geometries".
CREATE VIEW app.tile_pipe_segment AS
SELECT s.id, s.class_code, s.sub_code, s.size, s.flow_direction, s.valid_to AS ends_on,
       app.tile_number(ST_X(f.start), 13) AS cell_x, app.tile_number(-ST_Y(f.start), 13) AS cell_y, f.geom
FROM public.pipe_segment AS s
CROSS JOIN LATERAL (
    SELECT t AS geom, ST_StartPoint(t) AS start FROM ST_Transform(ST_Force2D(s.geom), 3857) AS t) AS f
-- Its last day, in the city, begins before that of UTC: what has an end has gone.
WHERE s.valid_to IS NULL;

CREATE VIEW app.tile_pipe_point AS
SELECT p.id, p.class_code, p.sub_code,
       CASE WHEN k.acts_as IN ('valve', 'check_valve') THEN 'valve'
            WHEN k.acts_as = 'hydrant' THEN 'hydrant'
            WHEN p.appendage <> '' THEN 'chamber'
            ELSE 'joint' END AS mark,
       p.valid_to AS ends_on, ST_Transform(p.geom, 3857) AS geom
FROM public.pipe_point AS p
LEFT JOIN public.point_kind AS k
    ON (k.class_code, k.role, k.code)
     = (p.class_code, CASE WHEN p.appendage <> '' THEN 'appendage' ELSE 'feature' END,
        CASE WHEN p.appendage <> '' THEN p.appendage ELSE p.feature END)
-- Its last day, in the city, begins before that of UTC: what has an end has gone.
WHERE p.valid_to IS NULL;

CREATE VIEW app.tile_component AS
SELECT c.id, left(c.class_code, 2) AS major_code, k.name_zh AS class_zh, k.name_en AS class_en,
       c.valid_to AS ends_on, ST_Transform(c.geom, 3857) AS geom
FROM public.component AS c
LEFT JOIN public.object_class AS k ON (k.edition, k.kind, k.code) = (c.edition, c.kind, c.class_code)
-- Its last day, in the city, begins before that of UTC: what has an end has gone.
WHERE c.valid_to IS NULL;
