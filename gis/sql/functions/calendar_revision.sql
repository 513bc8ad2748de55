-- A mark of how the working calendar stands: renewed by every change of it, in the same transaction.
-- A random mark and no count: what was rolled back, or was made in a copy of the database, never comes again.
-- "recomputed" is the state that the deadlines of open cases follow; after an upgrade none is known.

CREATE TABLE app.calendar_revision (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    revision uuid NOT NULL DEFAULT gen_random_uuid(),
    recomputed uuid
);
INSERT INTO app.calendar_revision DEFAULT VALUES;

CREATE FUNCTION app.renew_calendar_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE app.calendar_revision SET revision = gen_random_uuid();
    RETURN NULL;
END $$;
