"""Fields as a screen reader meets them: every control named, every hint and error tied to it, every link arriving."""

from gettext import NullTranslations
from pathlib import Path

import lxml.html
import pytest
from jinja2 import Environment, FileSystemLoader
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Form,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

TEMPLATES = Path(__file__).resolve().parents[2] / "civicvote" / "templates"
PAGE = """{% import "macros/form.html" as forms %}<main>{{ forms.error_summary(form) }}<form>
{% for field in form %}{{ forms.field(field, hint=hints.get(field.name)) }}{% endfor %}
{{ forms.post_button("/endorse", "Endorse", hx_target="#count", hidden={"page": 2}) }}</form></main>"""


class ProposalForm(Form):
    title = StringField("Title", [InputRequired("Give a title.")])
    body = TextAreaField("Text", [InputRequired("Write a text.")], description="What is wrong, and where.")
    place = SelectField("Place", choices=[SelectChoice("1", "Riverside"), SelectChoice("2", "Centre")])
    field_of_life = RadioField("Field", choices=[SelectChoice("a", "Traffic"), SelectChoice("b", "Care")])
    news = SelectMultipleField(
        "News",
        [Optional()],
        choices=[SelectChoice("answer", "Answers"), SelectChoice("vote", "Votes")],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    cost = IntegerField("Cost", [Optional()])
    agreed = BooleanField("I agree")


@pytest.fixture
def render():
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, extensions=["jinja2.ext.i18n"], trim_blocks=True
    )
    environment.install_gettext_translations(NullTranslations(), newstyle=True)  # type: ignore[attr-defined]
    environment.globals["csrf_token"] = lambda: "token"

    def page(form: Form, **hints: str) -> lxml.html.HtmlElement:
        return lxml.html.fromstring(environment.from_string(PAGE).render(form=form, hints=hints))

    return page


@pytest.fixture
def refused() -> ProposalForm:
    form = ProposalForm(MultiDict({"title": "", "body": "", "place": "9", "field_of_life": "z", "cost": "many"}))
    form.validate()
    return form


def test_every_link_of_the_error_summary_arrives_at_a_control(render, refused):
    page = render(refused)
    links = [link.get("href").removeprefix("#") for link in page.xpath("//*[@id='error-summary']//a")]

    assert len(links) == 5
    assert [page.get_element_by_id(link).tag for link in links] == ["input", "textarea", "select", "input", "input"]


def test_a_form_without_errors_has_no_summary_and_marks_nothing_invalid(render):
    page = render(ProposalForm())

    assert page.xpath("//*[@id='error-summary']") == []
    assert page.xpath("//*[@aria-invalid]") == []


def test_hint_and_error_describe_the_control_and_what_was_typed_stays(render, refused):
    page = render(refused, cost="In thousand won.")
    cost = page.get_element_by_id("cost")
    told = [page.get_element_by_id(name).text_content() for name in cost.get("aria-describedby").split()]

    assert "In thousand won." in told[0]
    assert "Not a valid integer value." in told[1]
    assert cost.get("aria-invalid") == "true"
    assert (cost.get("type"), cost.get("inputmode")) == ("text", "numeric"), "a number field would drop the text"
    assert cost.get("value") == "many"


@pytest.mark.parametrize(("name", "kind"), [("field_of_life", "radio"), ("news", "checkbox")])
def test_a_group_of_choices_is_a_fieldset_with_a_legend_and_a_label_each(render, name, kind):
    page = render(ProposalForm())
    group = page.get_element_by_id(name)
    controls = group.xpath(f".//input[@type='{kind}']")

    assert group.tag == "fieldset"
    assert group.xpath("./legend")
    assert len(controls) == 2
    assert all(page.xpath(f"//label[@for='{control.get('id')}']") for control in controls)


def test_ids_are_unique_and_every_control_has_a_label(render, refused):
    page = render(refused, title="One line.")
    ids = page.xpath("//@id")
    controls = page.xpath("//input[not(@type='hidden')] | //select | //textarea")

    assert len(ids) == len(set(ids))
    assert all(page.xpath(f"//label[@for='{control.get('id')}']") for control in controls)


def test_only_what_may_stay_empty_is_marked_as_optional(render):
    page = render(ProposalForm())
    marked = [label.text_content() for label in page.xpath("//*[contains(@class, 'field__optional')]/..")]

    assert [text.split()[0] for text in marked] == ["News", "Cost"]


def test_a_button_that_posts_is_the_same_with_and_without_htmx(render):
    form = render(ProposalForm()).xpath("//form[contains(@class, 'post-button')]")[0]

    assert form.get("method") == "post"
    assert form.get("action") == form.get("hx-post") == "/endorse"
    assert form.get("hx-target") == "#count"
    assert {field.get("name"): field.get("value") for field in form.xpath(".//input")} == {
        "csrf_token": "token",
        "page": "2",
    }
