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

CREATE FUNCTION app.case_facts(first bigint, last bigint) RETURNS SETOF public.case_fact LANGUAGE sql STABLE AS $$
    WITH told AS (
        SELECT case_id, seq, action, from_state, to_state, actor_role, department_id, at,
               -- What became of a rework: the next thing that says where the case went.
               lead(action) OVER turns AS then_action
        FROM case_step
        WHERE case_id BETWEEN first AND last
          AND action IN ('verify', 'file', 'self_dispose', 'archive', 'refuse', 'merge', 'void', 'dispatch', 'redispatch',
                         'send_back', 'feed_back', 'rework', 'close', 'force_close', 'reopen', 'grant_extension',
                         'grant_suspension', 'urge', 'say_fixed', 'say_not_fixed', 'citizen_fixed', 'citizen_not_fixed')
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
               max(at) FILTER (WHERE to_state IN ('archived', 'refused', 'merged', 'void')) AS ended_at,
               bool_or(action = 'file') AS was_filed,
               bool_or(action IN ('dispatch', 'redispatch')) AS was_dispatched,
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
    ), spans AS (
        SELECT case_id, stage, round, min(started_at) AS began_at, max(started_at) AS last_at,
               CASE WHEN bool_and(ended_at IS NOT NULL) THEN max(ended_at) END AS ended_at,
               sum(extract(epoch FROM ended_at - started_at)) AS seconds,
               -- When its limit ends, if it goes on: of earlier stretches what was used is taken off.
               max(started_at) + app.link_limit(stage)
                   - coalesce(sum(ended_at - started_at) FILTER (WHERE started_at < newest), interval '0') AS limit_at
        FROM (SELECT *, max(started_at) OVER (PARTITION BY case_id, stage, round) AS newest
              FROM case_interval WHERE case_id BETWEEN first AND last) AS i
        GROUP BY 1, 2, 3
    ), of_links AS (
        SELECT case_id,
               max(began_at) FILTER (WHERE stage = 'verify') AS verify_began,
               (array_agg(ended_at ORDER BY round DESC) FILTER (WHERE stage = 'verify'))[1] AS verify_ended,
               (array_agg(limit_at ORDER BY round DESC) FILTER (WHERE stage = 'verify'))[1] AS verify_limit,
               (array_agg(ended_at ORDER BY round DESC) FILTER (WHERE stage = 'file'))[1] AS file_ended,
               (array_agg(limit_at ORDER BY round DESC) FILTER (WHERE stage = 'file'))[1] AS file_limit,
               (array_agg(ended_at ORDER BY round) FILTER (WHERE stage = 'dispatch'))[1] AS dispatch_ended,
               (array_agg(limit_at ORDER BY round) FILTER (WHERE stage = 'dispatch'))[1] AS dispatch_limit,
               max(began_at) FILTER (WHERE stage = 'check') AS check_began,
               (array_agg(ended_at ORDER BY round DESC) FILTER (WHERE stage = 'check'))[1] AS check_ended,
               (array_agg(limit_at ORDER BY round DESC) FILTER (WHERE stage = 'check'))[1] AS check_limit,
               sum(seconds) FILTER (WHERE stage = 'accept') AS accept_s,
               sum(seconds) FILTER (WHERE stage = 'verify') AS verify_s,
               sum(seconds) FILTER (WHERE stage = 'file') AS file_s,
               sum(seconds) FILTER (WHERE stage = 'dispatch') AS dispatch_s,
               sum(seconds) FILTER (WHERE stage = 'dispose') AS dispose_s,
               sum(seconds) FILTER (WHERE stage = 'suspend') AS suspend_s,
               sum(seconds) FILTER (WHERE stage IN ('send_check', 'check')) AS check_s,
               sum(seconds) FILTER (WHERE stage = 'close') AS close_s
        FROM spans
        GROUP BY case_id
    ), stands AS (
        SELECT c.*, s.*, l.*, coalesce(r.n, 0) AS rework_n,
               c.state IN ('archived', 'refused', 'merged', 'void') AS is_over,
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
        CASE WHEN verify_began IS NOT NULL THEN least(verify_ended, verify_limit) END,
        CASE WHEN was_dispatched OR state = 'filed' THEN least(dispatch_ended, dispatch_limit) END,
        CASE
            WHEN filed_at IS NULL OR is_over THEN NULL
            -- Closed by force within the limit and never handed over: neither in time nor late.
            WHEN disposed_at IS NULL AND closed_at <= due_at THEN NULL
            ELSE least(disposed_at, due_at)
        END,
        CASE WHEN check_began IS NOT NULL THEN least(check_ended, check_limit) END,
        CASE
            WHEN filed_at IS NULL OR is_over THEN NULL
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
        verify_ended IS NOT NULL,
        coalesce(verify_ended <= verify_limit, false),
        filed_at IS NOT NULL AND coalesce(file_ended <= file_limit, true),
        coalesce(was_dispatched, false),
        coalesce(was_dispatched AND dispatch_ended <= dispatch_limit, false),
        coalesce(was_dispatched AND NOT was_wrong, false),
        disposed_at IS NOT NULL AND filed_at IS NOT NULL AND NOT is_over,
        in_time AND filed_at IS NOT NULL AND NOT is_over,
        exempt,
        check_ended IS NOT NULL,
        coalesce(check_ended <= check_limit, false),
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
           CASE WHEN c.filed_at IS NOT NULL AND c.state NOT IN ('archived', 'refused', 'merged', 'void')
                     AND NOT (h.done_at IS NULL AND c.closed_at <= c.due_at)
                THEN least(h.done_at, c.due_at) END,
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
        SELECT case_id, seq, action, actor_id, actor_role, at,
               lead(action) OVER turns AS then_action, lead(actor_role) OVER turns AS then_role,
               max(seq) FILTER (WHERE action = 'void') OVER (PARTITION BY case_id) AS void_seq
        FROM case_step
        WHERE case_id BETWEEN first AND last
          AND action IN ('report', 'file', 'dispatch', 'redispatch', 'send_back', 'close', 'void')
        WINDOW turns AS (PARTITION BY case_id,
                         CASE WHEN action IN ('report', 'close', 'void') THEN action END ORDER BY seq)
    ), links AS (
        SELECT id, case_id, stage, person_id, ended_at,
               started_at + app.link_limit(stage) - coalesce(sum(ended_at - started_at) OVER before, interval '0')
                   AS limit_at
        FROM case_interval
        WHERE case_id BETWEEN first AND last AND stage <> 'dispose' AND stage <> 'suspend'
        WINDOW before AS (PARTITION BY case_id, stage, round ORDER BY started_at, id
                          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    )
    SELECT a.case_id, 'report', a.seq, a.actor_id,
           coalesce(c.filed_at, CASE WHEN c.state IN ('archived', 'refused', 'merged', 'void') THEN c.updated_at END),
           true, NULL::boolean,
           CASE WHEN c.filed_at IS NOT NULL OR c.state IN ('archived', 'refused', 'merged', 'void')
                THEN c.filed_at IS NOT NULL OR c.state = 'archived' END
    FROM acts AS a
    JOIN "case" AS c ON c.id = a.case_id
    WHERE a.action = 'report' AND a.actor_role = 'inspector' AND a.actor_id IS NOT NULL
    UNION ALL
    SELECT case_id, stage, id, person_id, least(ended_at, limit_at), true, ended_at <= limit_at, NULL
    FROM links
    WHERE stage IN ('accept', 'send_check') AND ended_at IS NOT NULL AND person_id IS NOT NULL
    UNION ALL
    -- Looked at on site without a task: a case of another system, or of a time before there were tasks.
    SELECT l.case_id, l.stage, l.id, l.person_id, least(l.ended_at, l.limit_at), true, l.ended_at <= l.limit_at, NULL
    FROM links AS l
    JOIN person AS p ON p.id = l.person_id AND p.role = 'inspector'
    WHERE l.stage IN ('verify', 'check') AND l.ended_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM case_task AS t WHERE t.case_id = l.case_id AND t.kind = l.stage)
    UNION ALL
    SELECT a.case_id, a.action, a.seq, a.actor_id, least(a.at, l.limit_at), true,
           CASE WHEN a.action <> 'redispatch' THEN coalesce(l.ended_at <= l.limit_at, true) END,
           CASE a.action
               WHEN 'file' THEN coalesce(a.void_seq < a.seq, true)
                   AND NOT (coalesce(a.then_action, '') = 'send_back' AND a.then_role = 'dispatcher')
               WHEN 'close' THEN NULL
               ELSE NOT (coalesce(a.then_action, '') = 'redispatch'
                         OR coalesce(a.then_action, '') = 'send_back' AND a.then_role = 'department')
           END
    FROM acts AS a
    LEFT JOIN links AS l ON l.case_id = a.case_id AND l.ended_at = a.at
        AND l.stage = CASE a.action WHEN 'file' THEN 'file' WHEN 'close' THEN 'close' ELSE 'dispatch' END
    WHERE a.action IN ('file', 'dispatch', 'redispatch', 'close') AND a.actor_id IS NOT NULL
    UNION ALL
    -- A task that was taken away again is nobody's failure.
    SELECT case_id, kind, id, coalesce(ended_by, assignee_id), least(ended_at, due_at), ended_at IS NOT NULL,
           coalesce(ended_at <= due_at, false), NULL
    FROM case_task
    WHERE case_id BETWEEN first AND last AND coalesce(ended_by, assignee_id) IS NOT NULL
      AND coalesce(outcome, '') <> 'withdrawn'
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
    MERGE INTO case_fact_part AS kept USING app.case_fact_parts(wanted, wanted) AS p
        ON kept.case_id = wanted AND (kept.part, kept.department_id, kept.seq) = (p.part, p.department_id, p.seq)
    WHEN MATCHED AND (kept.counted_at, kept.is_done, kept.in_time) IS DISTINCT FROM (p.counted_at, p.is_done, p.in_time)
        THEN UPDATE SET counted_at = p.counted_at, is_done = p.is_done, in_time = p.in_time
    WHEN NOT MATCHED THEN INSERT VALUES (p.case_id, p.part, p.department_id, p.seq, p.counted_at, p.is_done, p.in_time);
    MERGE INTO case_fact_post AS kept USING app.case_fact_posts(wanted, wanted) AS p
        ON kept.case_id = wanted AND (kept.duty, kept.seq) = (p.duty, p.seq)
    WHEN MATCHED AND (kept.person_id, kept.at, kept.is_done, kept.in_time, kept.is_right)
            IS DISTINCT FROM (p.person_id, p.at, p.is_done, p.in_time, p.is_right)
        THEN UPDATE SET person_id = p.person_id, at = p.at, is_done = p.is_done, in_time = p.in_time,
                        is_right = p.is_right
    WHEN NOT MATCHED
        THEN INSERT VALUES (p.case_id, p.duty, p.seq, p.person_id, p.at, p.is_done, p.in_time, p.is_right);
END
$$;

CREATE FUNCTION app.keep_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM app.write_facts(NEW.id);
    RETURN NULL;
END
$$;
