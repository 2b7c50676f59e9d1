"""What runs in the press's own process: reads one order from standard input, writes what was made to standard output.

It is run as a file, apart from the rest: it imports nothing of ours, and is gone with all its memory when it is done.
"""

import gzip
import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

Source = TypeVar("Source", Path, bytes)

SVG: Final = "http://www.w3.org/2000/svg"
PICTURE_SCALE: Final = 2
# How many clusters are tried at once, and how many in all: the shortest first, and these in the order of Unicode.
TRIED_AT_ONCE: Final = 512
TRIED: Final = 32 * TRIED_AT_ONCE
# Unicode's three areas for private use. What a font has there is not what the writer had there.
PRIVATE: Final = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
# A line that was refused, in a complaint of the typesetter's.
PLACE: Final = re.compile(r"^ *┌─ \S+:(\d+):\d+$", re.MULTILINE)
CLUSTERS: Final = b"#metadata(json(bytes(sys.inputs.texts)).map(text => text.clusters())) <clusters>"
TRIAL: Final = """#set document(title: "trial")
#set page(width: auto, height: auto)
#set text(font: sys.inputs.font)
#let clusters = json(bytes(sys.inputs.clusters))
"""
DRAWING_TRIAL: Final = b'#set document(title: "trial")\n#image(bytes(sys.inputs.drawing), alt: "trial")'
# Signs that the drawing program holds as two halves. It shortens a name between them too, and fails at half a sign.
OF_TWO_HALVES: Final = re.compile("[\U00010000-\U0010ffff]")
# What is beyond the signs that every font here has, and sets without joining them.
BEYOND_LATIN_1: Final = re.compile(r"[^\n\x20-\xff]")


def bundle(order: dict[str, Any]) -> bytes:
    """Put the chart libraries and a script of ours into one script, compressed as it will be sent."""
    import vl_convert  # noqa: PLC0415  each order loads only what it needs

    script = vl_convert.javascript_bundle(order["script"], vl_version=order["vega_lite"])
    return gzip.compress(script.encode(), mtime=0)


def drawing(order: dict[str, Any]) -> bytes:
    """Draw a chart as SVG, which says in words what it shows."""
    import vl_convert  # noqa: PLC0415  as above

    written = json.dumps(order["specification"], ensure_ascii=False)
    specification = json.loads(OF_TWO_HALVES.sub(order["substitute"], written))
    drawn = vl_convert.vegalite_to_svg(specification, vl_version=order["vega_lite"], allowed_base_urls=[])
    named = f'<svg role="img" aria-label={quoteattr(specification["description"])} '
    return drawn.replace("<svg ", named, 1).encode()


def picture(order: dict[str, Any]) -> bytes:
    """Draw a chart as PNG, twice as fine as a screen needs it, for slides and letters that take no SVG."""
    import vl_convert  # noqa: PLC0415  as above

    drawn: bytes = vl_convert.svg_to_png(drawing(order).decode(), scale=PICTURE_SCALE)
    return drawn


def document(order: dict[str, Any]) -> bytes:
    """Typeset a document. Whatever came with an event reaches the typesetter as data, never as its markup."""
    import typst  # noqa: PLC0415  as above

    content = order["content"]
    # What is said of substitutes, where there are any.
    remark = content.pop("substituted")
    drawings = {
        name: drawing({**order, "specification": specification}).decode()
        for name, specification in order["specifications"].items()
    }
    template = Path(order["template"])

    def typeset(*, is_simple: bool) -> bytes:
        fonts = _Fonts(content["font"], order["substitute"], is_simple=is_simple)
        fitting, drawn, is_fitted = fonts.fit(content, drawings)
        inputs = {**fitting, "drawings": drawn, "remark": remark if is_fitted else ""}
        return _typeset(template, {"content": json.dumps(inputs)}, template.parent, order["timestamp"])

    try:
        return typeset(is_simple=False)
    except typst.TypstError:
        # A letter and rare marks of several scripts may be set alone, and yet not beside others.
        return typeset(is_simple=True)


def _typeset(source: Source, inputs: dict[str, str], root: Path | None = None, timestamp: int = 0) -> bytes:
    """Typeset a source, with the fonts that the typesetter brings along and no others.

    Raises:
        typst.TypstError: PDF/UA-1 does not allow it, such as a text that none of the fonts can show.
    """
    import typst  # noqa: PLC0415  as above

    fonts = typst.Fonts(include_system_fonts=False)
    compiler = typst.Compiler(source, root=root, font_paths=fonts, sys_inputs=inputs)
    made = compiler.compile(format="pdf", timestamp=timestamp, pdf_standards=["ua-1"])
    if not isinstance(made, bytes):
        raise TypeError("a document is one file")
    return made


class _Fonts:
    """Fits texts to what the fonts can show: any other cluster of signs, such as a flag, becomes one substitute.

    Only the typesetter knows what its fonts have and how it combines them, so it is asked: it sets each cluster of the
    document once and complains of those that it cannot set.
    """

    def __init__(self, font: str, substitute: str, *, is_simple: bool) -> None:
        self._font = font
        self._substitute = substitute
        self._is_simple = is_simple

    def fit(self, content: Any, drawings: dict[str, str]) -> tuple[Any, dict[str, str], bool]:  # noqa: ANN401  JSON
        """Give content and drawings whose texts can all be set, and tell whether anything was substituted."""
        parsed = {name: ET.fromstring(svg) for name, svg in drawings.items()}  # noqa: S314  we drew them
        elements = [element for tree in parsed.values() for element in tree.iter(f"{{{SVG}}}text")]
        fitting = self._fitting({*_texts(content), *(element.text or "" for element in elements)})
        for element in elements:
            element.text = fitting[element.text or ""]
        is_simplified = [self._simplified(tree) for tree in parsed.values()]
        is_substituted = any(is_simplified) or any(self._substitute in text for text in fitting.values())
        ET.register_namespace("", SVG)
        drawn = {name: ET.tostring(tree, encoding="unicode") for name, tree in parsed.items()}
        return _rewritten(content, fitting.__getitem__), drawn, is_substituted

    def _fitting(self, texts: set[str]) -> dict[str, str]:
        """Give for each text one that can be set; letters and their marks are joined where Unicode has them as one."""
        import typst  # noqa: PLC0415  as above

        listed = sorted(texts)
        inputs = {"texts": json.dumps([unicodedata.normalize("NFC", text) for text in listed])}
        answer = typst.query(
            CLUSTERS, "<clusters>", field="value", one=True, ignore_system_fonts=True, sys_inputs=inputs
        )
        split: list[list[str]] = json.loads(answer)
        lacking = self._lacking({cluster for clusters in split for cluster in clusters})
        return {
            text: "".join(self._substitute if cluster in lacking else cluster for cluster in clusters)
            for text, clusters in zip(listed, split, strict=True)
        }

    def _lacking(self, clusters: set[str]) -> set[str]:
        """Give the clusters that the fonts cannot show; those for which there is no time count as such."""
        lacking = {cluster for cluster in clusters if PRIVATE.search(cluster)}
        if self._is_simple:
            lacking.update(filter(_has_mark, clusters))
        by_length = sorted(sorted(clusters - lacking), key=len)
        lacking.update(by_length[TRIED:])
        for first in range(0, min(len(by_length), TRIED), TRIED_AT_ONCE):
            lacking.update(self._refused(by_length[first : first + TRIED_AT_ONCE]))
        return lacking

    def _refused(self, clusters: list[str]) -> Iterable[str]:
        """Give those of some clusters that the typesetter refuses; each stands on a line of its own."""
        import typst  # noqa: PLC0415  as above

        lines = "".join(f"#par(text(clusters.at({place})))\n" for place in range(len(clusters)))
        try:
            _typeset((TRIAL + lines).encode(), {"font": self._font, "clusters": json.dumps(clusters)})
        except typst.TypstError as error:
            before = TRIAL.count("\n") + 1
            places = {int(line) - before for line in PLACE.findall(error.diagnostic)}
            if not places:
                raise
            return [clusters[place] for place in places]
        return ()

    def _simplified(self, tree: ET.Element) -> bool:
        """Take from a drawing what it cannot hold: its texts are set more simply than others, without most marks."""
        if self._can_draw(tree):
            return False
        for element in tree.iter(f"{{{SVG}}}text"):
            alone = ET.Element(f"{{{SVG}}}svg", {"width": "9", "height": "9"})
            alone.append(element)
            if not self._can_draw(alone):
                element.text = BEYOND_LATIN_1.sub(self._substitute, element.text or "")
        return True

    def _can_draw(self, tree: ET.Element) -> bool:
        import typst  # noqa: PLC0415  as above

        try:
            _typeset(DRAWING_TRIAL, {"drawing": ET.tostring(tree, encoding="unicode")})
        except typst.TypstError:
            return False
        return True


def _has_mark(cluster: str) -> bool:
    """Tell whether a cluster is more than one sign, or a mark without a letter."""
    return len(cluster) > 1 or unicodedata.category(cluster).startswith("M")


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401  any JSON
    """Give every text in a document of JSON; names of fields are ours."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _rewritten(value: Any, rewrite: Callable[[str], str]) -> Any:  # noqa: ANN401  any JSON
    """Give a document of JSON with every text rewritten."""
    if isinstance(value, str):
        return rewrite(value)
    if isinstance(value, dict):
        return {name: _rewritten(part, rewrite) for name, part in value.items()}
    return [_rewritten(part, rewrite) for part in value] if isinstance(value, list) else value


ORDERS = {"bundle": bundle, "drawing": drawing, "picture": picture, "document": document}


def main() -> None:
    """Make what is ordered."""
    order = json.load(sys.stdin)
    sys.stdout.buffer.write(ORDERS[order["kind"]](order))


if __name__ == "__main__":
    main()
