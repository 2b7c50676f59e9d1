"""The guide and all other pages name files that are there, and the glossary no word twice."""

import fnmatch
import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
GUIDE: Final = (ROOT / "docs/contributing.md").read_text()
GLOSSARY: Final = (ROOT / "docs/glossary.md").read_text()
PATHS: Final = sorted(set(re.findall(r"`((?:services|shared|tests|docs)/[^`\s]+|CHANGELOG\.md|\.ci/run)`", GUIDE)))
# What a page may name: by its whole path, or by the end of it where the page says of which service or subject it is.
FILES: Final = [
    f"/{path.relative_to(ROOT).as_posix()}"
    for folder in ("services", "shared", "tests", "docs", "deploy")
    for kind in ("py", "sql")
    for path in (ROOT / folder).rglob(f"*.{kind}")
]
PAGES: Final = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_module_and_statement_that_a_page_names_is_there() -> None:
    """A page that names what has moved sends its reader looking; what is superseded may say what was."""
    named: set[str] = set()
    gone: list[str] = []
    for page in PAGES:
        text = page.read_text()
        if "· superseded by" in text.partition("\n\n**")[0]:
            continue
        for name in re.findall(r"`([^`\s]+\.(?:py|sql))`", text):
            named.add(name)
            # `services/<service>/app.py` is one of each service.
            if not fnmatch.filter(FILES, f"*/{re.sub('<[^>]+>', '*', name)}"):
                gone.append(f"{page.relative_to(ROOT)}: {name}")
    assert len(named) > 100
    assert gone == []


def test_every_file_that_the_guide_names_is_there() -> None:
    """Whoever follows a recipe finds each file of it."""
    assert len(PATHS) > 30
    assert [path for path in PATHS if not (ROOT / path).exists()] == []


def test_the_glossary_explains_each_word_once() -> None:
    """Two explanations of one word would be two meanings."""
    first = GLOSSARY.partition("## Words with several meanings")[0]
    words = [word.strip() for row in re.findall(r"^\| ([^|]+) \|", first, re.MULTILINE) for word in row.split(",")]
    explained = [word for word in words if word not in {"word", "---"}]
    assert len(explained) > 30
    assert len(explained) == len(set(explained))
