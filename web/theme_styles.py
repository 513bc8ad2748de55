"""The styles that the component library's theme imports, level by level: asked for at once by every page.

Followed one after another they would hold up the first paint by as many round trips as there are levels.
"""

import re
from functools import lru_cache
from posixpath import dirname, join, normpath

from web.vendor import NODE_MODULES, VENDOR, vendor_url

LIBRARY = "@awesome.me/webawesome"
THEME = "styles/themes/default.css"
_IMPORT = re.compile(r"""@import\s+(?:url\()?['"]?([^'")\s;]+)""")


@lru_cache
def theme_styles() -> tuple[str, ...]:
    """Addresses of all that the theme imports, the theme itself left out."""
    folder = NODE_MODULES / LIBRARY / VENDOR[LIBRARY].folder
    found: dict[str, None] = {}
    waiting = [THEME]
    while waiting:
        file = waiting.pop(0)
        for name in _IMPORT.findall((folder / file).read_text("utf-8")):
            imported = normpath(join(dirname(file), name))
            if imported not in found:
                found[imported] = None
                waiting.append(imported)
    return tuple(vendor_url(LIBRARY, file) for file in found)
