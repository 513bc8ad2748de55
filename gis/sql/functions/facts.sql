-- Facts of cases (case_fact, case_fact_part, case_fact_post): derived here, and only here, from cases, steps,
-- intervals, tasks and co-departments; for one case when it changes, for a range of cases when all are derived anew.

-- Limits of the links in minutes, as in gis/case/stages.py (a test compares them).
CREATE FUNCTION app.link_limit(stage text) RETURNS interval LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE stage
        WHEN 'accept' THEN interval '15 minutes' WHEN 'verify' THEN interval '30 minutes'
        WHEN 'file' THEN interval '15 minutes' WHEN 'dispatch' THEN interval '15 minutes'
        WHEN 'send_check' THEN interval '15 minutes' WHEN 'check' THEN interval '30 minutes'
        WHEN 'close' THEN interval '15 minutes'
    END
$$;

-- Every stretch of the links of some cases, with the moment its limit ended. A limit runs through the stretches of
-- its round one after the other (gis/case/clocks.py); one used up before a stretch began ends as that begins.
CREATE FUNCTION app.link_stretches(first bigint, last bigint) RETURNS TABLE (
    id bigint, case_id bigint, stage text, round smallint, person_id bigint, started_at timestamptz,
    ended_at timestamptz, limit_at timestamptz, in_time boolean
) LANGUAGE sql STABLE AS $$
    SELECT id, case_id, stage, round, person_id, started_at, ended_at,
           greatest(started_at, started_at + left_over), ended_at - started_at <= left_over
    FROM (
        SELECT *, app.link_limit(stage) - coalesce(sum(ended_at - started_at) OVER before, interval '0') AS left_over
        FROM public.case_interval
        WHERE case_id BETWEEN first AND last
        WINDOW before AS (PARTITION BY case_id, stage, round ORDER BY started_at, id
                          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ) AS i
$$;

-- When something with a limit counts: when it was done, but no later than its limit. What was cut short by something
-- else (refused while it was being verified, closed by force) counts only where its limit had passed by then.
CREATE FUNCTION app.counted_at(ended_at timestamptz, limit_at timestamptz, is_done boolean) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN ended_at IS NULL OR limit_at < ended_at THEN limit_at WHEN is_done THEN ended_at END
$$;

CREATE FUNCTION app.case_facts(first bigint, last bigint) RETURNS SETOF public.case_fact LANGUAGE sql STABLE AS $$
    WITH told AS (
        SELECT case_id, seq, action, from_state, to_state, actor_role, department_id, at,
               -- What became of a rework: the next thing that says where the case went.
               lead(action) OVER turns AS then_action
        FROM case_step
        WHERE case_id BETWEEN first AND last
          AND action IN ('verify', 'not_confirmed', 'file', 'archive', 'refuse', 'merge', 'void', 'dispatch',
                         'redispatch', 'send_back', 'feed_back', 'check', 'rework', 'close', 'force_close', 'reopen',
                         'grant_extension', 'grant_suspension', 'urge', 'say_fixed', 'say_not_fixed', 'citizen_fixed',
                         'citizen_not_fixed')
        WINDOW turns AS (PARTITION BY case_id,
                         action IN ('rework', 'feed_back', 'send_back', 'redispatch', 'void', 'force_close') ORDER BY seq)
    ), handed AS (
        SELECT case_id, department_id, min(seq) AS seq FROM told WHERE action = 'feed_back' GROUP BY 1, 2
    ), reworked AS (
        -- Between two visits of one department: it had handed over before, and did not give the case away after.
        SELECT r.case_id, count(*) AS n
        FROM told AS r
        JOIN handed AS h ON h.case_id = r.case_id AND h.department_id = r.department_id AND h.seq < r.seq
        WHERE r.action = 'rework' AND coalesce(r.then_action, '') NOT IN ('send_back', 'redispatch', 'void')
        GROUP BY 1
    ), of_steps AS (
        SELECT case_id,
               max(at) FILTER (WHERE action IN ('archive', 'refuse', 'merge', 'void')) AS ended_at,
               (array_agg(from_state ORDER BY seq DESC) FILTER (WHERE action = 'file'))[1] AS filed_from,
               (array_agg(action ORDER BY seq DESC) FILTER (
                   WHERE from_state = 'verifying' AND to_state <> 'verifying'))[1] AS verify_end,
               (array_agg(action ORDER BY seq DESC) FILTER (
                   WHERE from_state = 'checking' AND to_state <> 'checking'))[1] AS check_end,
               -- How each wait for dispatch ended: the first dispatch is the one that counts.
               array_agg(action ORDER BY seq) FILTER (
                   WHERE from_state = 'filed' AND action IN ('dispatch', 'send_back')) AS dispatch_ends,
               bool_or(action = 'dispatch') AS was_dispatched,
               bool_or(action = 'redispatch' OR action = 'send_back' AND actor_role = 'department') AS was_wrong,
               count(*) FILTER (WHERE action = 'send_back' AND actor_role = 'department') AS sent_back,
               count(*) FILTER (WHERE action = 'grant_extension') AS extended,
               count(*) FILTER (WHERE action = 'grant_suspension') AS suspended,
               count(*) FILTER (WHERE action = 'urge') AS urged,
               bool_or(action = 'reopen') AS was_reopened,
               max(at) FILTER (WHERE action IN ('say_fixed', 'say_not_fixed', 'citizen_fixed', 'citizen_not_fixed'))
                   AS answered_at,
               (array_agg(action ORDER BY seq DESC) FILTER (
                   WHERE action IN ('say_fixed', 'say_not_fixed', 'citizen_fixed', 'citizen_not_fixed')))[1] AS answer
        FROM told
        GROUP BY case_id
    ), of_links AS (
        -- Of each link its last round; of dispatch all of them.
        SELECT case_id,
               (array_agg(ended_at ORDER BY id DESC) FILTER (WHERE stage = 'verify'))[1] AS verify_ended,
               (array_agg(limit_at ORDER BY id DESC) FILTER (WHERE stage = 'verify'))[1] AS verify_limit,
               (array_agg(in_time ORDER BY id DESC) FILTER (WHERE stage = 'accept'))[1] AS accept_in_time,
               (array_agg(in_time ORDER BY id DESC) FILTER (WHERE stage = 'file'))[1] AS file_in_time,
               array_agg(ended_at ORDER BY id) FILTER (WHERE stage = 'dispatch') AS dispatch_ended,
               array_agg(limit_at ORDER BY id) FILTER (WHERE stage = 'dispatch') AS dispatch_limit,
               (array_agg(ended_at ORDER BY id DESC) FILTER (WHERE stage = 'check'))[1] AS check_ended,
               (array_agg(limit_at ORDER BY id DESC) FILTER (WHERE stage = 'check'))[1] AS check_limit,
               sum(seconds) FILTER (WHERE stage = 'accept') AS accept_s,
               sum(seconds) FILTER (WHERE stage = 'verify') AS verify_s,
               sum(seconds) FILTER (WHERE stage = 'file') AS file_s,
               sum(seconds) FILTER (WHERE stage = 'dispatch') AS dispatch_s,
               sum(seconds) FILTER (WHERE stage = 'dispose') AS dispose_s,
               sum(seconds) FILTER (WHERE stage = 'suspend') AS suspend_s,
               sum(seconds) FILTER (WHERE stage IN ('send_check', 'check')) AS check_s,
               sum(seconds) FILTER (WHERE stage = 'close') AS close_s
        FROM (SELECT *, extract(epoch FROM ended_at - started_at) AS seconds
              FROM app.link_stretches(first, last)) AS i
        GROUP BY case_id
    ), stands AS (
        SELECT c.*, s.*, l.*, coalesce(r.n, 0) AS rework_n,
               coalesce(array_position(s.dispatch_ends, 'dispatch'), cardinality(s.dispatch_ends) + 1, 1) AS turn,
               c.state IN ('archived', 'refused', 'merged', 'void') AS is_over,
               l.verify_ended IS NOT NULL AND s.verify_end IN ('verify', 'not_confirmed') AS is_verified,
               l.check_ended IS NOT NULL AND s.check_end IN ('check', 'rework') AS is_checked,
               c.disposed_at IS NOT NULL AND (c.due_at IS NULL OR c.disposed_at <= c.due_at) AS in_time
        FROM "case" AS c
        LEFT JOIN of_steps AS s ON s.case_id = c.id
        LEFT JOIN of_links AS l ON l.case_id = c.id
        LEFT JOIN reworked AS r ON r.case_id = c.id
        WHERE c.id BETWEEN first AND last
    )
    SELECT id, unit_grid_id, community_id, street_id, duty_grid_id, department_id, kind, class_code, state,
        reported_at,
        coalesce(filed_at, CASE WHEN is_over THEN ended_at END),
        filed_at,
        app.counted_at(verify_ended, verify_limit, is_verified),
        app.counted_at(dispatch_ended[turn], dispatch_limit[turn], coalesce(was_dispatched, false)),
        CASE WHEN filed_at IS NOT NULL AND NOT is_over
            THEN app.counted_at(coalesce(disposed_at, closed_at), due_at, disposed_at IS NOT NULL) END,
        app.counted_at(check_ended, check_limit, is_checked),
        CASE
            WHEN filed_at IS NULL OR is_over THEN NULL
            -- Closed by force within the limit and never handed over: neither in time nor late.
            WHEN disposed_at IS NULL AND closed_at <= due_at THEN closed_at
            WHEN in_time OR due_at IS NULL THEN closed_at
            ELSE due_at
        END,
        answered_at, due_at, disposed_at, closed_at,
        source NOT IN ('inspector', 'imported'),
        filed_at IS NOT NULL AND state <> 'void',
        filed_at IS NOT NULL AND state = 'void',
        state = 'archived',
        filed_at IS NOT NULL OR state = 'archived',
        coalesce(is_verified, false),
        coalesce(is_verified AND verify_ended <= verify_limit, false),
        -- What an inspector reported may be filed at once: then the wait since the report is what counts.
        filed_at IS NOT NULL
            AND coalesce(CASE filed_from WHEN 'reported' THEN accept_in_time ELSE file_in_time END, true),
        coalesce(was_dispatched, false),
        coalesce(was_dispatched AND dispatch_ended[turn] <= dispatch_limit[turn], false),
        coalesce(was_dispatched AND NOT was_wrong, false),
        disposed_at IS NOT NULL AND filed_at IS NOT NULL AND NOT is_over,
        in_time AND filed_at IS NOT NULL AND NOT is_over,
        exempt,
        coalesce(is_checked, false),
        coalesce(is_checked AND check_ended <= check_limit, false),
        state = 'closed',
        closed_by_force,
        coalesce(was_reopened, false),
        coalesce(answer IN ('say_fixed', 'citizen_fixed'), false),
        rework_n, coalesce(extended, 0), coalesce(suspended, 0), coalesce(sent_back, 0), coalesce(urged, 0),
        coalesce(accept_s, 0), coalesce(verify_s, 0), coalesce(file_s, 0), coalesce(dispatch_s, 0),
        coalesce(dispose_s, 0), coalesce(suspend_s, 0), coalesce(check_s, 0), coalesce(close_s, 0)
    FROM stands
$$;

CREATE FUNCTION app.case_fact_parts(first bigint, last bigint) RETURNS SETOF public.case_fact_part
LANGUAGE sql STABLE AS $$
    SELECT h.case_id, 'co', h.department_id, 0,
           -- Asked to help when the limit had passed: there is no limit that it could keep or miss.
           CASE WHEN c.filed_at IS NOT NULL AND c.state NOT IN ('archived', 'refused', 'merged', 'void')
                     AND (c.due_at IS NULL OR h.added_at <= c.due_at)
                THEN app.counted_at(coalesce(h.done_at, c.closed_at), c.due_at, h.done_at IS NOT NULL) END,
           h.done_at IS NOT NULL,
           h.done_at IS NOT NULL AND (c.due_at IS NULL OR h.done_at <= c.due_at)
    FROM case_co_department AS h
    JOIN "case" AS c ON c.id = h.case_id
    WHERE h.case_id BETWEEN first AND last
    UNION ALL
    -- With whom the case was before it went to another, or back to the dispatcher.
    SELECT case_id, 'former', had, seq, at, false, false
    FROM (
        SELECT case_id, seq, action, actor_role, from_state, at,
               lag(department_id) OVER (PARTITION BY case_id ORDER BY seq) AS had
        FROM case_step
        WHERE case_id BETWEEN first AND last
    ) AS s
    WHERE had IS NOT NULL AND (action = 'redispatch' OR action = 'send_back' AND actor_role = 'department')
$$;

CREATE FUNCTION app.case_fact_posts(first bigint, last bigint) RETURNS SETOF public.case_fact_post
LANGUAGE sql STABLE AS $$
    WITH acts AS (
        SELECT case_id, seq, action, from_state, actor_id, actor_role, at,
               lead(action) OVER turns AS then_action, lead(actor_role) OVER turns AS then_role,
               max(seq) FILTER (WHERE action = 'void') OVER (PARTITION BY case_id) AS void_seq,
               max(at) FILTER (WHERE action IN ('archive', 'refuse', 'merge', 'void')) OVER (PARTITION BY case_id)
                   AS over_at
        FROM case_step
        WHERE case_id BETWEEN first AND last
          AND action IN ('report', 'archive', 'refuse', 'merge', 'void', 'file', 'dispatch', 'redispatch', 'send_back',
                         'close')
        WINDOW turns AS (PARTITION BY case_id, action IN ('file', 'dispatch', 'redispatch', 'send_back') ORDER BY seq)
    ), stretches AS (
        SELECT * FROM app.link_stretches(first, last) WHERE ended_at IS NOT NULL
    ), links AS (
        -- Two that end in one moment (steps of another system) are one to whoever ended them.
        SELECT DISTINCT ON (case_id, stage, ended_at) * FROM stretches
        WHERE stage IN ('accept', 'file', 'dispatch', 'close')
        ORDER BY case_id, stage, ended_at, id DESC
    ), tasks AS (
        SELECT t.*, EXISTS (
            SELECT FROM case_step AS s
            WHERE s.case_id = t.case_id AND s.at = t.ended_at AND s.action = t.outcome AND s.actor_role = 'inspector'
              AND s.case_id BETWEEN first AND last  -- else the steps of all cases may be read
        ) AS is_done
        FROM case_task AS t
        WHERE t.case_id BETWEEN first AND last
    )
    SELECT a.case_id, 'report', a.seq, a.actor_id,
           coalesce(c.filed_at, CASE WHEN c.state IN ('archived', 'refused', 'merged', 'void') THEN a.over_at END),
           true, NULL::boolean,
           CASE WHEN c.filed_at IS NOT NULL OR c.state IN ('archived', 'refused', 'merged', 'void')
                THEN c.filed_at IS NOT NULL OR c.state = 'archived' END
    FROM acts AS a
    JOIN "case" AS c ON c.id = a.case_id
    WHERE a.action = 'report' AND a.actor_role = 'inspector' AND a.actor_id IS NOT NULL
    UNION ALL
    SELECT case_id, stage, id, person_id, least(ended_at, limit_at), true, in_time, NULL
    FROM stretches
    WHERE stage IN ('accept', 'send_check') AND person_id IS NOT NULL
    UNION ALL
    -- Looked at on site without a task: a case of another system, or of a time before there were tasks.
    SELECT l.case_id, l.stage, l.id, l.person_id, least(l.ended_at, l.limit_at), true, l.in_time, NULL
    FROM stretches AS l
    JOIN person AS p ON p.id = l.person_id AND p.role = 'inspector'
    WHERE l.stage IN ('verify', 'check')
      AND NOT EXISTS (SELECT FROM tasks AS t
                      WHERE t.case_id = l.case_id AND t.kind = l.stage AND t.given_at <= l.ended_at
                        AND (t.ended_at IS NULL OR t.ended_at >= l.started_at))
    UNION ALL
    SELECT a.case_id, a.action, a.seq, a.actor_id, least(a.at, l.limit_at), true,
           CASE WHEN a.action <> 'redispatch' THEN coalesce(l.in_time, true) END,
           CASE a.action
               WHEN 'file' THEN coalesce(a.void_seq < a.seq, true)
                   AND NOT (coalesce(a.then_action, '') = 'send_back' AND a.then_role = 'dispatcher')
               WHEN 'close' THEN NULL
               ELSE NOT (coalesce(a.then_action, '') = 'redispatch'
                         OR coalesce(a.then_action, '') = 'send_back' AND a.then_role = 'department')
           END
    FROM acts AS a
    LEFT JOIN links AS l ON l.case_id = a.case_id AND l.ended_at = a.at AND l.stage = CASE
        WHEN a.action = 'file' AND a.from_state = 'reported' THEN 'accept'
        WHEN a.action = 'file' THEN 'file'
        WHEN a.action = 'dispatch' THEN 'dispatch'
        WHEN a.action = 'close' THEN 'close'
    END
    WHERE a.action IN ('file', 'dispatch', 'redispatch', 'close') AND a.actor_id IS NOT NULL
    UNION ALL
    -- Whoever looked; where nobody did before the limit, whoever was asked. Taken away in time: nobody's failure.
    SELECT case_id, kind, id, CASE WHEN is_done THEN ended_by ELSE assignee_id END,
           app.counted_at(ended_at, due_at, is_done), is_done, is_done AND ended_at <= due_at, NULL
    FROM tasks
    WHERE CASE WHEN is_done THEN ended_by ELSE assignee_id END IS NOT NULL
      AND app.counted_at(ended_at, due_at, is_done) IS NOT NULL
$$;

-- One row for each object and bucket of time that a fact counts in; without a department: 0.
CREATE FUNCTION app.fact_keys(f public.case_fact, day date) RETURNS TABLE (grain text, object_id bigint, bucket date)
LANGUAGE sql IMMUTABLE AS $$
    VALUES ('department', coalesce(f.department_id, 0), day), ('community', f.community_id, day),
           ('unit_grid', f.unit_grid_id, date_trunc('month', day)::date)
$$;

-- Derive the facts of one case anew, and add to the totals by how much they differ.
CREATE FUNCTION app.write_facts(wanted bigint) RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    before public.case_fact;
    after public.case_fact;
BEGIN
    -- Waits for who derives the facts of this chunk of cases anew (gis/evaluation/rebuild.py), and for nobody else.
    PERFORM pg_advisory_xact_lock_shared(4209011, (wanted >> 15)::integer);
    SELECT * INTO before FROM case_fact WHERE case_id = wanted FOR UPDATE;
    SELECT * INTO after FROM app.case_facts(wanted, wanted);
    IF before IS DISTINCT FROM after THEN
        DELETE FROM case_fact WHERE case_id = wanted;
        INSERT INTO case_fact SELECT (after).*;
        INSERT INTO fact_total (grain, count_no, bucket, object_id, amount)
        SELECT k.grain, d.count_no, k.bucket, k.object_id, sum(d.amount)
        FROM (
            SELECT after AS f, c.* FROM app.fact_counts(after) AS c
            UNION ALL
            SELECT before, c.count_no, c.day, -c.amount FROM app.fact_counts(before) AS c WHERE before.case_id IS NOT NULL
        ) AS d
        CROSS JOIN LATERAL app.fact_keys(d.f, d.day) AS k
        GROUP BY 1, 2, 3, 4
        HAVING sum(d.amount) <> 0;
    END IF;
    WITH told AS MATERIALIZED (
        SELECT * FROM app.case_fact_parts(wanted, wanted)
    ), gone AS (
        DELETE FROM case_fact_part AS kept
        WHERE kept.case_id = wanted AND NOT EXISTS (
            SELECT FROM told AS t WHERE (t.part, t.department_id, t.seq) = (kept.part, kept.department_id, kept.seq))
    )
    INSERT INTO case_fact_part AS kept SELECT * FROM told
    ON CONFLICT (case_id, part, department_id, seq) DO UPDATE
        SET (counted_at, is_done, in_time) = (EXCLUDED.counted_at, EXCLUDED.is_done, EXCLUDED.in_time)
        WHERE (kept.counted_at, kept.is_done, kept.in_time)
            IS DISTINCT FROM (EXCLUDED.counted_at, EXCLUDED.is_done, EXCLUDED.in_time);
    WITH told AS MATERIALIZED (
        SELECT * FROM app.case_fact_posts(wanted, wanted)
    ), gone AS (
        DELETE FROM case_fact_post AS kept
        WHERE kept.case_id = wanted
          AND NOT EXISTS (SELECT FROM told AS t WHERE (t.duty, t.seq) = (kept.duty, kept.seq))
    )
    INSERT INTO case_fact_post AS kept SELECT * FROM told
    ON CONFLICT (case_id, duty, seq) DO UPDATE
        SET (person_id, at, is_done, in_time, is_right)
            = (EXCLUDED.person_id, EXCLUDED.at, EXCLUDED.is_done, EXCLUDED.in_time, EXCLUDED.is_right)
        WHERE (kept.person_id, kept.at, kept.is_done, kept.in_time, kept.is_right)
            IS DISTINCT FROM (EXCLUDED.person_id, EXCLUDED.at, EXCLUDED.is_done, EXCLUDED.in_time, EXCLUDED.is_right);
END
$$;

CREATE FUNCTION app.keep_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Of many steps in one transaction (an import) only the last one writes: the others are past by now.
    IF NEW.version = (SELECT version FROM public."case" WHERE id = NEW.id) THEN
        PERFORM app.write_facts(NEW.id);
    END IF;
    RETURN NULL;
END
$$;
