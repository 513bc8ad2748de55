"""What the scripts of the phone app say: English here, Chinese from the ``.po`` files, sent with the shell.

Words that stand in a template are translated there. ``{names}`` in braces are filled in by the scripts.
"""

from gis.i18n import N_, gettext
from gis.people.models import Role
from web.words import role_title

WORDS: dict[str, str] = {
    # How it stands with the line and the person
    "online": N_("Online"),
    "offline_short": N_("No signal"),
    "offline": N_("No signal: work goes on, everything is kept on this phone"),
    "signed_in_as": N_("{name} · {role}"),
    "wrong_password": N_("Account or password is wrong."),
    "no_answer": N_("No answer from the service"),
    "not_inspector": N_("This app is for field inspectors; {name} is signed in as {role}."),
    "as_of": N_("As of {time}"),
    "today_at": N_("today {time}"),
    # Photos
    "not_a_photo": N_("{name} is not a photo that can be read."),
    "too_large": N_("{name} is too large, even when scaled down."),
    "photo_n": N_("Photo {n}"),
    "remove_photo": N_("Remove photo {n}"),
    "photo_waiting": N_("waits"),
    "photo_sending": N_("{percent} %"),
    "photo_stored": N_("stored"),
    "photo_refused": N_("refused"),
    # Category
    "classes_found": N_("Classes that fit: {n}"),
    "nothing_fits": N_("No class fits. Try a shorter word, or first letters."),
    "classes_n": N_("{n} classes"),
    "kind_name_component": N_("Component"),
    "kind_name_event": N_("Event"),
    # Place
    "finding": N_("Looking for your position …"),
    "accuracy": N_("Position ± {n} m"),
    "by_hand": N_("Place set on the map"),
    "no_position": N_("No position. Drag the map under the pin."),
    "position_denied": N_("Position is switched off for this app. Drag the map under the pin."),
    "grid": N_("Grid {code}"),
    "grid_unknown": N_("Grid is found when the report arrives"),
    "outside": N_("Outside the city's grids"),
    "component_none": N_("No component of this class within {n} m"),
    "component_offline": N_("Components nearby are shown when there is signal"),
    "metres": N_("{n} m"),
    "kilometres": N_("{n} km"),
    # Before and after sending
    "need_class": N_("Choose what it is."),
    "need_place": N_("Give the place: wait for the position, or drag the map."),
    "no_photo_sure": N_("No photo yet. Press again to report without one."),
    "kept": N_("Kept on this phone. It sends itself."),
    "this_is_it": N_("This is the same"),
    "same_component": N_("Same component"),
    "same_grid": N_("Same grid"),
    "reported_at": N_("Reported {time}"),
    "followers": N_("Seen by {n} more"),
    # Queue
    "queue_waiting": N_("Waits for signal"),
    "queue_turn": N_("Waits its turn"),
    "queue_report_first": N_("Waits for its report to arrive"),
    "queue_sending": N_("Being sent"),
    "queue_refused": N_("Refused by the service"),
    "queue_gone": N_("Deleted by the service"),
    "queue_changed": N_("The case was changed meanwhile"),
    "queue_done": N_("Arrived"),
    "queue_other": N_("Belongs to {name}. It is sent when {name} signs in."),
    "queue_told": N_("Waiting: {n} · arrived: {done}"),
    "photos_n": N_("Photos: {n}"),
    "case_no": N_("Case {case_no}"),
    "case_arrived": N_("The case has arrived; photos are still on their way."),
    "changed_now": N_("Now: {state}. Since you looked: {steps}."),
    "kind_report": N_("Report"),
    "kind_follow": N_("The same was seen"),
    "act_verify": N_("Verify"),
    "act_not_confirmed": N_("Not confirmed"),
    "act_check": N_("Check"),
    "act_rework": N_("Rework"),
    "act_self_dispose": N_("Put right on the spot"),
    "edit": N_("Edit and report again"),
    "finish_first": N_("Another report is being written: send it first."),
    "do_anyway": N_("Do it all the same"),
    "try_again": N_("Try again"),
    "copy_words": N_("Copy the words"),
    "save_photos": N_("Save the photos"),
    "delete": N_("Delete"),
    "copied": N_("Copied"),
    "really_delete": N_("Press again to delete it from this phone"),
    "gone": N_("The service says that this was deleted there. Nothing more is sent."),
    "follow_done": N_("You follow case {case_no} now."),
    "arrived": N_("Arrived: {title}"),
    # Tasks and cases
    "tasks_n": N_("Tasks: {n}, nearest first"),
    "due_in": N_("{time} left"),
    "late_by": N_("Late by {time}"),
    "minutes": N_("{n} min"),
    "hours": N_("{n} h"),
    "days": N_("{n} d"),
    "need_note": N_("Say in a few words why."),
    "queued_task": N_("Done here; on its way"),
    "north": N_("N"),
    "north_east": N_("NE"),
    "east": N_("E"),
    "south_east": N_("SE"),
    "south": N_("S"),
    "south_west": N_("SW"),
    "west": N_("W"),
    "north_west": N_("NW"),
    "photos_report": N_("Before"),
    "photos_verification": N_("Verification"),
    "photos_disposal": N_("After"),
    "photos_inspection": N_("Inspection"),
    "not_loaded": N_("Nothing loaded yet. It comes when there is signal."),
    # Patrol
    "no_duty_grid": N_("No duty grid is given to you"),
    "covered": N_("{visited} of {grids} grids"),
    "track_waiting": N_("Points waiting to be sent: {n}"),
    "track_off": N_("Switched off: no position leaves this phone."),
    "track_on": N_("Recording while this app is open."),
}


def words() -> dict[str, str]:
    """All of :data:`WORDS` and the roles' names, in the reader's language."""
    said = {key: gettext(word) for key, word in WORDS.items()}
    return said | {f"role_{role}": gettext(role_title(role)) for role in Role}
