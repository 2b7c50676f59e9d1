"""No sign gets onto a page that no reader sees and a browser may take for something else."""

from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import Markup

from services.reporting.web.rendering import environment, unbroken
from shared.presentable import UNPRESENTABLE, presentable

TEMPLATE = "{{ text }}{% trans name=text %}Plan {{ name }}{% endtrans %}<p title='{{ text }}'>{{ marked }}</p>"


@given(st.text(st.characters(codec=None)))
@example("Plan \x9b\u202e\ufffe\ud800 ⚽ <b>")
def test_whatever_a_template_writes_is_presentable(text: str) -> None:
    """Alone, inside a sentence that is translated, in an attribute and in markup; what is markup stays markup."""
    marked = Markup("<b>{}</b>").format(text)
    page = environment("da").from_string(TEMPLATE).render(text=text, marked=marked)
    assert not UNPRESENTABLE.search(page)
    assert page.endswith(f"<b>{Markup.escape(presentable(text))}</b></p>")


def test_no_line_ends_within_a_span_of_years() -> None:
    """Whoever copies or hears a plan's name gets it as it is; what would be markup in it is none."""
    assert unbroken("Amagerplanen 2023-2027") == 'Amagerplanen <span class="nowrap">2023-2027</span>'
    assert unbroken("Skoleåret 2023/24 <b>\x9b") == 'Skoleåret <span class="nowrap">2023/24</span> &lt;b&gt;\ufffd'
    assert unbroken("Gellerup-Toveshøj") == "Gellerup-Toveshøj"
