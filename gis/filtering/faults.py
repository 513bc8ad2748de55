"""What is wrong with a filter, and where: a node of the tree, and where its property stands in the text."""

from collections.abc import Iterator
from itertools import takewhile
from typing import Any


class Fault(Exception):
    """What is wrong with a node: where it stands in the tree, and the property it is about, if any."""

    def __init__(self, detail: str, path: str, name: str = "") -> None:
        super().__init__(detail)
        self.detail, self.path, self.name = detail, path, name


def which(tree: Any, wrong: Fault) -> int:
    """Which of the places where a property is named, in the order of the text, stands nearest to a fault."""
    places = [path for path, name in _properties(tree, "") if name == wrong.name]
    shared = [_steps_shared(path, wrong.path) for path in places]
    return shared.index(max(shared)) if shared else 0


def _steps_shared(a: str, b: str) -> int:
    """How many steps from the root two paths go together."""
    pairs = zip(a.split("/"), b.split("/"), strict=False)
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _properties(node: Any, path: str) -> Iterator[tuple[str, str]]:
    """The properties that a filter names, from left to right, each with its path."""
    if isinstance(node, dict) and isinstance(node.get("property"), str):
        yield path, node["property"]
    elif isinstance(node, dict) and isinstance(node.get("args"), list):
        for number, arg in enumerate(node["args"]):
            yield from _properties(arg, f"{path}/args/{number}")
