-- Facts follow a case at the end of the transaction that changes it, when its steps and intervals are written too.
-- Each step of a case raises its version; a calendar that moves deadlines, or a grid divided anew, does not.
CREATE CONSTRAINT TRIGGER keep_facts_of_new AFTER INSERT ON public."case"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.keep_facts();
CREATE CONSTRAINT TRIGGER keep_facts_of_changed AFTER UPDATE ON public."case"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.version IS DISTINCT FROM NEW.version OR OLD.due_at IS DISTINCT FROM NEW.due_at
          OR OLD.department_id IS DISTINCT FROM NEW.department_id OR OLD.exempt IS DISTINCT FROM NEW.exempt
          OR OLD.disposed_at IS DISTINCT FROM NEW.disposed_at OR OLD.state IS DISTINCT FROM NEW.state
          OR OLD.unit_grid_id <> NEW.unit_grid_id OR OLD.community_id <> NEW.community_id
          OR OLD.street_id <> NEW.street_id OR OLD.duty_grid_id IS DISTINCT FROM NEW.duty_grid_id)
    EXECUTE FUNCTION app.keep_facts();
