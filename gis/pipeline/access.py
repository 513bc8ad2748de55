"""Who may read what lies under the street, and who may change it: sensitive data, never public."""

from gis.people.models import Role

READERS = (
    Role.PLANNER,
    Role.OWNER,
    Role.DEPARTMENT,
    Role.DISPATCHER,
    Role.SHIFT_LEADER,
    Role.EVALUATOR,
    Role.ADMIN,
)
WRITERS = (Role.PLANNER, Role.OWNER, Role.ADMIN)
