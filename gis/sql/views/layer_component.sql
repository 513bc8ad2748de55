-- What the layer components reads: components in force with the names of class, state, grid and departments.

CREATE VIEW app.components_ever AS
SELECT c.id, c.code, c.name, c.class_code, left(c.class_code, 2) AS major_code, c.state, c.note, c.data_source,
       k.name_zh AS class_zh, k.name_en AS class_en,
       t.name_zh AS state_zh, t.name_en AS state_en,
       g.code AS unit_grid,
       s.name_zh AS supervisor_zh, s.name_en AS supervisor_en,
       o.name_zh AS owner_zh, o.name_en AS owner_en,
       m.name_zh AS maintainer_zh, m.name_en AS maintainer_en,
       c.valid_from, c.valid_to, c.id AS entity_id, c.geom
FROM public.component AS c
LEFT JOIN public.object_class AS k ON (k.edition, k.kind, k.code) = (c.edition, c.kind, c.class_code)
LEFT JOIN public.component_state AS t ON t.code = c.state
LEFT JOIN public.unit_grid AS g ON g.id = c.unit_grid_id
LEFT JOIN public.department AS s ON s.id = c.supervisor_id
LEFT JOIN public.department AS o ON o.id = c.owner_id
LEFT JOIN public.department AS m ON m.id = c.maintainer_id;

CREATE VIEW app.components AS
-- No end lies ahead: what has gone ended on a day in the city, which begins before that of UTC.
SELECT * FROM app.components_ever WHERE valid_to IS NULL;
