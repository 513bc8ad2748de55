-- What the layer patrol_tracks reads: ways of inspectors who share them, narrowed by gis/case/scope.py to those
-- who patrol in the reader's streets; unset or empty: the whole city.

CREATE VIEW app.patrol_tracks AS
SELECT t.id, p.name AS inspector, t.day, t.began_at, t.ended_at, round(t.length_m::numeric) AS length_m,
       (SELECT string_agg(d.code, ', ' ORDER BY d.code)
        FROM public.person_duty_grid AS w JOIN public.duty_grid AS d ON d.id = w.duty_grid_id
        WHERE w.person_id = t.person_id) AS duty_grids,
       t.geom
FROM public.patrol_track AS t
JOIN public.person AS p ON p.id = t.person_id AND p.shares_track
WHERE nullif(current_setting('citygrid.areas', true), '') IS NULL
   OR EXISTS (
       SELECT FROM public.person_duty_grid AS w JOIN public.duty_grid AS d ON d.id = w.duty_grid_id
       WHERE w.person_id = t.person_id
         AND d.street_id = ANY (nullif(current_setting('citygrid.areas', true), '')::bigint[]));
