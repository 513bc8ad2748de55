-- Who is party to the repair of a case, and so may neither verify nor check it: people of a department that has
-- or had the case, of the departments above and below it, and who took a step of the disposal themselves.
CREATE FUNCTION app.parties_to_repair(which bigint) RETURNS TABLE (person_id bigint)
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE holder AS (
        SELECT department_id FROM public."case" WHERE id = which
        UNION
        SELECT department_id FROM public.case_co_department WHERE case_id = which
        UNION
        SELECT department_id FROM public.case_step WHERE case_id = which
    ), above AS (
        SELECT d.id, d.parent_id FROM public.department AS d JOIN holder ON holder.department_id = d.id
        UNION
        SELECT d.id, d.parent_id FROM public.department AS d JOIN above ON above.parent_id = d.id
    ), below AS (
        SELECT department_id AS id FROM holder WHERE department_id IS NOT NULL
        UNION
        SELECT d.id FROM public.department AS d JOIN below ON below.id = d.parent_id
    )
    SELECT p.id::bigint
    FROM public.person AS p
    WHERE p.department_id IN (SELECT id FROM above UNION SELECT id FROM below)
    UNION
    SELECT s.actor_id::bigint
    FROM public.case_step AS s
    WHERE s.case_id = which AND (s.actor_role = 'department' OR s.action = 'self_dispose')
$$;
