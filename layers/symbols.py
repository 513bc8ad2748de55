"""Symbols of the map and of its legend, drawn once as SVG: shape and colour tell the same thing twice."""

_EDGE = 'fill="{fill}" stroke="#ffffff" stroke-width="2" stroke-linejoin="round"'
_HOLLOW = 'fill="#ffffff" stroke="{fill}" stroke-linejoin="round"'
_STROKE = 'fill="none" stroke="#ffffff" stroke-width="2.3" stroke-linecap="round" stroke-linejoin="round"'

# Inside a box of 24 by 24; the colour is put in for {fill}.
SHAPES: dict[str, str] = {
    "circle": f'<circle cx="12" cy="12" r="8" {_EDGE}/>',
    "square": f'<rect x="4.5" y="4.5" width="15" height="15" rx="2.5" {_EDGE}/>',
    "diamond": f'<path d="M12 2.8 21.2 12 12 21.2 2.8 12Z" {_EDGE}/>',
    "triangle": f'<path d="M12 2.8 21.6 19.8H2.4Z" {_EDGE}/>',
    "octagon": f'<path d="M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3Z" {_EDGE}/>',
    "hexagon": f'<path d="M7.2 3.7h9.6L21.6 12l-4.8 8.3H7.2L2.4 12Z" {_EDGE}/>',
    "leaf": f'<path d="M20 4C9 4 4.5 8.5 4.5 14.5c0 3 2 5 5 5C15.5 19.5 20 15 20 4Z" {_EDGE}/>',
    # A lid on its well: the well below is seen through it.
    "ring": (
        '<g fill="none"><circle cx="12" cy="12" r="9" stroke="#ffffff" stroke-width="4.6"/>'
        '<circle cx="12" cy="12" r="9" stroke="{fill}" stroke-width="2.6"/></g>'
    ),
    "chamber": (
        f'<circle cx="12" cy="12" r="7" stroke-width="3" {_HOLLOW}/>'
        '<circle cx="12" cy="12" r="2.2" fill="{fill}"/>'
    ),
    "valve": f'<path d="M3.5 6v12L12 12Zm17 0v12L12 12Z" stroke-width="2.6" {_HOLLOW}/>',
    "hydrant": f'<circle cx="12" cy="12" r="8" {_EDGE}/><path d="M12 8v8M8 12h8" {_STROKE}/>',
    "joint": f'<circle cx="12" cy="12" r="3.8" {_EDGE}/>',
}
# The mark inside a shape: drawn white on its colour.
MARKS: dict[str, str] = {
    "dot": '<circle cx="12" cy="12" r="2.7" fill="#ffffff"/>',
    "plus": f'<path d="M8.5 12h7M12 8.5v7" {_STROKE}/>',
    "arrow": f'<path d="M8.4 12h6.6m-2.9-2.9L15 12l-2.9 2.9" {_STROKE}/>',
    "done": f'<path d="m9 14.2 2.2 2.2 3.8-4.2" {_STROKE}/>',
    "tick": f'<path d="m8.4 12.2 2.5 2.5 4.7-5.2" {_STROKE}/>',
    "alert": f'<path d="M12 9.2v3.9m0 3.2v.1" {_STROKE}/>',
    "late": f'<path d="M12 7.6v5m0 3.6v.1" {_STROKE}/>',
    "flat": f'<path d="M8.6 12h6.8" {_STROKE}/>',
}
USUAL_MARKS = {"circle": "dot", "square": "plus", "diamond": "arrow", "triangle": "done"}
_NUMBER = (
    '<text x="12" y="16.4" text-anchor="middle" font-family="sans-serif" font-weight="700" font-size="12.5"'
    ' fill="#ffffff">{}</text>'
)
_RING = (
    '<circle cx="16" cy="16" r="14.4" fill="#ffffff" fill-opacity="0.85" stroke="#c5221b" stroke-width="3"/>'
)


def symbol(name: str, colour: str, ring: bool = False) -> str:
    """An SVG image of a symbol, 32 by 32 px. ``ring`` is the red ring of alarm.

    ``name`` is one of :data:`SHAPES`; ``square+`` has its usual mark inside, ``square+tick`` one of
    :data:`MARKS`, ``square+3`` a number.
    """
    shape, plus, mark = name.partition("+")
    drawing = SHAPES[shape].replace("{fill}", colour)
    if plus:
        drawing += _NUMBER.format(mark) if mark.isdecimal() else MARKS[mark or USUAL_MARKS[shape]]
    place = "translate(5 5) scale(0.92)" if ring else "translate(2.2 2.2) scale(1.15)"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32" viewBox="0 0 32 32">'
        f'{_RING if ring else ""}<g transform="{place}">{drawing}</g></svg>'
    )
