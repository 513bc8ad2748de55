-- What the layer cases reads. held: who must act now. lamp 绿黄红: how the limit of the link stands that the
-- case is in, as gis/case/clocks.py says it; empty where no limit runs.

CREATE VIEW app.cases AS
SELECT c.id, c.case_no, c.kind, c.class_code, c.state, c.description, c.address, c.source,
       CASE WHEN c.stage IS NULL THEN 'ended'
            WHEN c.stage = 'dispatch' THEN 'command'
            WHEN c.stage IN ('dispose', 'suspend') THEN 'department'
            WHEN c.stage IN ('accept', 'verify', 'file') THEN 'intake'
            ELSE 'inspection' END AS held,
       CASE WHEN c.stage IS NULL OR c.stage_due_at >= '9000-01-01T00:00Z' THEN NULL
            WHEN c.stage_due_at < now() THEN 'red'
            WHEN c.stage_warn_at <= now() THEN 'yellow'
            ELSE 'green' END AS lamp,
       c.stage IS NOT NULL AS is_open,
       k.name_zh AS class_zh, k.name_en AS class_en,
       c.kind || '/' || k.major_name_zh AS major,
       s.name_zh AS street_zh, s.name_en AS street_en,
       a.name_zh AS community_zh, a.name_en AS community_en,
       g.code AS unit_grid,
       d.name_zh AS department_zh, d.name_en AS department_en,
       c.reported_at, c.filed_at, c.due_at, c.closed_at, c.rework_count,
       c.location AS geom
FROM public."case" AS c
LEFT JOIN public.object_class AS k ON (k.edition, k.kind, k.code) = (c.edition, c.kind, c.class_code)
LEFT JOIN public.area AS s ON s.id = c.street_id
LEFT JOIN public.area AS a ON a.id = c.community_id
LEFT JOIN public.unit_grid AS g ON g.id = c.unit_grid_id
LEFT JOIN public.department AS d ON d.id = c.department_id
-- Narrowed by gis/case/scope.py for who reads it; unset or empty: the whole city, every department.
WHERE (nullif(current_setting('citygrid.departments', true), '') IS NULL
       OR c.department_id = ANY (nullif(current_setting('citygrid.departments', true), '')::bigint[])
       OR EXISTS (
           SELECT FROM public.case_co_department AS h
           WHERE h.case_id = c.id
             AND h.department_id = ANY (nullif(current_setting('citygrid.departments', true), '')::bigint[])))
  AND (nullif(current_setting('citygrid.areas', true), '') IS NULL
       OR c.community_id = ANY (nullif(current_setting('citygrid.areas', true), '')::bigint[])
       OR c.street_id = ANY (nullif(current_setting('citygrid.areas', true), '')::bigint[]));
