"""Icons, drawn into the page itself: nothing to fetch, nothing that jumps, in the colour of the text.

How their lines are drawn stands in ``citygrid.css`` once, not in each of them.
"""

import re
from functools import lru_cache

from markupsafe import Markup

from web.vendor import NODE_MODULES

_ICONS = NODE_MODULES / "lucide-static" / "icons"
_INNER = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


@lru_cache(maxsize=256)
def icon(name: str, label: str = "") -> Markup:
    """An icon of the lucide set by its name. Without ``label`` it is decoration and not read aloud.

    Raises
    ------
    FileNotFoundError
        The set has no such icon: a mistake in a template, not in what a person did.
    """
    drawing = _INNER.search((_ICONS / f"{name}.svg").read_text("utf-8"))
    inner = Markup(re.sub(r"\s+", " ", drawing.group(1)).strip() if drawing else "")  # noqa: S704 - a file of ours
    meaning = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" viewBox="0 0 24 24" {}>{}</svg>').format(meaning, inner)
