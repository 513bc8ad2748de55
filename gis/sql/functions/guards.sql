-- What must never be false, said where no program can go round it.
-- Each guard looks at the changed rows of one statement as a set, so that COPY of a million rows stays quick.

CREATE FUNCTION app.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only ever added, never changed or removed', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION app.guard_case_place() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong text;
BEGIN
    SELECT c.case_no INTO wrong
    FROM changed AS c
    JOIN public.unit_grid AS g ON g.id = c.unit_grid_id
    JOIN public.area AS a ON a.id = g.community_id
    WHERE NOT ST_Covers(g.geom, c.location)
       OR g.community_id <> c.community_id OR a.parent_id IS DISTINCT FROM c.street_id
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'case % does not lie in its unit grid, community and street', wrong
            USING ERRCODE = 'check_violation', CONSTRAINT = 'case_in_its_grid';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION app.guard_component_place() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong text;
BEGIN
    SELECT c.code INTO wrong
    FROM changed AS c JOIN public.unit_grid AS g ON g.id = c.unit_grid_id
    WHERE NOT ST_Covers(g.geom, c.geom)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'component % does not lie in its unit grid', wrong
            USING ERRCODE = 'check_violation', CONSTRAINT = 'component_in_its_grid';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION app.guard_unit_grid() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong text; other text;
BEGIN
    -- One centimetre of slack: communities and grids may come from files rounded each in its own way.
    SELECT g.code INTO wrong
    FROM changed AS g JOIN public.area AS a ON a.id = g.community_id
    WHERE a.level <> 'community' OR NOT ST_Covers(a.geom, g.geom) AND NOT ST_Covers(ST_Buffer(a.geom, 0.01), g.geom)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'unit grid % leaves its community', wrong
            USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_grid_in_its_community';
    END IF;
    SELECT g.code, o.code INTO wrong, other
    FROM changed AS g
    JOIN public.unit_grid AS o ON o.geom && g.geom AND o.id <> g.id AND o.valid_to IS NULL
    WHERE g.valid_to IS NULL AND NOT ST_Touches(g.geom, o.geom)
      AND ST_Area(ST_Intersection(g.geom, o.geom)) > 0.1
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'unit grids % and % overlap', wrong, other
            USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_grids_do_not_overlap';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION app.guard_segment_ends() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong text;
BEGIN
    SELECT s.segment_no INTO wrong
    FROM changed AS s
    JOIN public.pipe_point AS p ON p.id = s.start_point_id
    JOIN public.pipe_point AS q ON q.id = s.end_point_id
    -- A state of the past was drawn to where its points were then.
    WHERE s.past_of IS NULL AND s.valid_to IS NULL
      AND (NOT ST_DWithin(ST_StartPoint(s.geom), p.geom, 0.01)
           OR NOT ST_DWithin(ST_EndPoint(s.geom), q.geom, 0.01)
           OR ST_Length(s.geom) = 0)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'segment % does not run from its first point to its last', wrong
            USING ERRCODE = 'check_violation', CONSTRAINT = 'segment_joins_its_points';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION app.guard_two_centres() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong bigint;
BEGIN
    SELECT s.case_id INTO wrong
    FROM changed AS s
    JOIN public.case_step AS d ON d.case_id = s.case_id AND d.action IN ('dispatch', 'redispatch') AND d.actor_id = s.actor_id
    WHERE s.action IN ('close', 'force_close')
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'who dispatched case % may not close it', wrong
            USING ERRCODE = 'check_violation', CONSTRAINT = 'closer_is_not_dispatcher';
    END IF;
    RETURN NULL;
END $$;
