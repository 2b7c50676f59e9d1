"""What runs in the press's own process: reads one order from standard input, writes what was made to standard output.

It is run as a file, apart from the rest: it imports nothing of ours, and is gone with all its memory when it is done.
"""

import gzip
import json
import sys
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr


def bundle(order: dict[str, Any]) -> bytes:
    """Put the chart libraries and a script of ours into one script, compressed as it will be sent."""
    import vl_convert  # noqa: PLC0415  each order loads only what it needs

    script = vl_convert.javascript_bundle(order["script"], vl_version=order["vega_lite"])
    return gzip.compress(script.encode(), mtime=0)


def drawing(order: dict[str, Any]) -> bytes:
    """Draw a chart as SVG, which says in words what it shows."""
    import vl_convert  # noqa: PLC0415

    specification = order["specification"]
    drawn = vl_convert.vegalite_to_svg(specification, vl_version=order["vega_lite"], allowed_base_urls=[])
    named = f'<svg role="img" aria-label={quoteattr(specification["description"])} '
    return drawn.replace("<svg ", named, 1).encode()


def document(order: dict[str, Any]) -> bytes:
    """Typeset a document. Whatever came with an event reaches the typesetter as data, never as its markup."""
    import typst  # noqa: PLC0415

    content = order["content"]
    content["drawings"] = {
        name: drawing({"specification": specification, "vega_lite": order["vega_lite"]}).decode()
        for name, specification in order["specifications"].items()
    }
    template = Path(order["template"])
    compiler = typst.Compiler(
        template,
        root=template.parent,
        font_paths=typst.Fonts(include_system_fonts=False),
        sys_inputs={"content": json.dumps(content)},
    )
    made = compiler.compile(format="pdf", timestamp=order["timestamp"], pdf_standards=["ua-1"])
    if not isinstance(made, bytes):
        raise TypeError("a document is one file")
    return made


ORDERS = {"bundle": bundle, "drawing": drawing, "document": document}


def main() -> None:
    """Make what is ordered."""
    order = json.load(sys.stdin)
    sys.stdout.buffer.write(ORDERS[order["kind"]](order))


if __name__ == "__main__":
    main()
