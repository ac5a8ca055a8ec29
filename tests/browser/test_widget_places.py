"""The widget on other people's pages and in other languages."""

from __future__ import annotations

import pytest
from chat_server import StandIn
from playwright.sync_api import expect
from widget_page import PAGE, SCRIPT, too_wide

HOSTILE_SHEET = """<style>
  body, body *, tandem-chat { display: none !important; color: red !important; font: 40px cursive !important }
  body, body *, tandem-chat { transform: rotate(9deg) !important; opacity: .1 !important }
  html { font-size: 4px !important } body { transform: scale(.2); overflow: hidden }
  tandem-chat, body *, button { position: static !important; visibility: hidden !important; width: 1px !important }
</style>"""


def test_another_origin_embeds_it(newcomer, server):
    """A page of another origin embeds the widget with one line, and the widget asks the server its script came from."""
    site = StandIn(SCRIPT, {"/shop": PAGE.format(head="", script=f"{server.address}/tandem.js", attributes="", body="")})
    newcomer.page.goto(f"{site.address}/shop")
    newcomer.open().say("Should I run after lifting?")
    site.down()

    assert [] == site.requests
    assert ["Should I run after lifting?"] == server.asked


def test_no_other_host_is_asked(newcomer, server):
    """All requests of a whole conversation go to the server that the script came from."""
    asked: list[str] = []
    newcomer.page.on("request", lambda request: asked.append(request.url))
    newcomer.visit().open().say("Should I run after lifting?")

    assert asked
    assert [] == [url for url in asked if not url.startswith((server.address, "data:"))]


def test_hostile_style_sheet_does_not_reach_it(newcomer, add_page):
    """A page whose style sheet hides and bends everything leaves the widget as it is."""
    looks = """e => {
        const {color, fontFamily, fontSize, opacity, display} = getComputedStyle(e), {x, y, width, height} = e.getBoundingClientRect();
        return {color, fontFamily, fontSize, opacity, display, x, y, width, height};
    }"""
    newcomer.open()
    panel, title = newcomer.panel.evaluate(looks), newcomer.page.locator(".title").evaluate(looks)
    newcomer.visit(add_page(head=HOSTILE_SHEET))
    newcomer.panel.wait_for()

    assert panel == newcomer.panel.evaluate(looks)
    assert title == newcomer.page.locator(".title").evaluate(looks)
    newcomer.say("Should I run after lifting?")


def test_widget_leaves_the_page_alone(newcomer):
    """Closed, the widget covers nothing but its launcher: the page behind it can be pressed."""
    newcomer.page.get_by_role("button", name="Buy").click()

    assert "tandem-chat" != newcomer.page.evaluate("document.elementFromPoint(600, 430).localName")


def test_element_in_the_page_is_inline(newcomer, add_page):
    """A <tandem-chat> that the page holds itself is shown in its place, without launcher and close button, and is the only one."""
    newcomer.visit(add_page(body="<tandem-chat data-title='Coach'></tandem-chat>"))

    expect(newcomer.panel).to_have_role("region")
    expect(newcomer.panel).to_have_accessible_name("Coach")
    expect(newcomer.launcher).to_have_count(0)
    expect(newcomer.page.get_by_role("button", name="Close")).to_have_count(0)
    assert 1 == newcomer.page.locator("tandem-chat").count()
    newcomer.say("Should I run after lifting?")


def test_attributes_set_words_and_place(newcomer, add_page):
    """Title, greeting, launcher, starters, contact and corner come from the script's attributes."""
    attributes = (
        'data-title="Coach" data-greeting="I am the machine of this shop." data-launcher="Need help?" data-starters="One?|Two?" '
        'data-contact="mailto:team@shop.example" data-contact-label="Write to us" data-corner="left"'
    )
    newcomer.visit(add_page(attributes))
    expect(newcomer.launcher).to_have_text("Need help?")
    assert newcomer.launcher.bounding_box()["x"] < 100
    newcomer.open()

    expect(newcomer.panel).to_have_accessible_name("Coach")
    expect(newcomer.log).to_contain_text("I am the machine of this shop.")
    expect(newcomer.log.get_by_role("button")).to_have_text(["One?", "Two?"])
    newcomer.page.get_by_role("button", name="More").click()
    expect(newcomer.page.get_by_role("link", name="Write to us")).to_have_attribute("href", "mailto:team@shop.example")


def test_apology_offers_the_contact(newcomer, add_page):
    """Where Tandem cannot answer, a person can be reached, if the page names one."""
    newcomer.visit(add_page('data-contact="tel:+49301234"')).open()

    expect(newcomer.say("broken").get_by_role("link", name="Talk to a person")).to_have_attribute("href", "tel:+49301234")


def test_contact_that_is_a_script_is_left_out(newcomer, add_page):
    """An address that would run a script is no contact."""
    newcomer.visit(add_page('data-contact="javascript:alert(1)"')).open()
    newcomer.page.get_by_role("button", name="More").click()

    expect(newcomer.page.locator(".menu-item")).to_have_count(2)


def test_open_attribute_opens_it_until_the_visitor_closes_it(newcomer, add_page):
    """`data-open` opens it at the first visit without taking the focus; once closed by the visitor it stays closed."""
    path = add_page("data-open")
    newcomer.visit(path)
    expect(newcomer.panel).to_be_visible()
    assert "" == newcomer.focused()
    newcomer.page.get_by_role("button", name="Close").click()
    newcomer.visit(path)

    expect(newcomer.launcher).to_be_visible()


def test_custom_properties_theme_it(newcomer, add_page):
    """The page's custom properties set colours and size; an accent given as attribute is made readable."""
    newcomer.visit(add_page(head="<style>tandem-chat { --tandem-accent: #7a1fa2; --tandem-width: 20em }</style>"))
    expect(newcomer.launcher).to_have_css("background-color", "rgb(122, 31, 162)")
    newcomer.open()
    assert newcomer.panel.bounding_box()["width"] == 300

    newcomer.visit(add_page('data-accent="#ffe600"'))
    newcomer.panel.wait_for()
    red, green, blue = (
        int(part) for part in newcomer.page.locator(".header .mark").evaluate("e => getComputedStyle(e).color.match(/\\d+/g)")
    )
    assert red + green + blue < 300


@pytest.mark.parametrize(
    ("lang", "launcher", "box"),
    [("de", "Tandem fragen", "Ihre Frage"), ("es-MX", "Preguntar a Tandem", "Tu pregunta"), ("xx", "Ask Tandem", "Your question")],
)
def test_interface_speaks_the_language(newcomer, add_page, lang, launcher, box):
    """`data-lang` sets the language of the interface; an unknown one is English. Answers keep their own language."""
    newcomer.visit(add_page(f'data-lang="{lang}"'))
    expect(newcomer.launcher).to_have_text(launcher)
    newcomer.open()

    expect(newcomer.page.get_by_label(box)).to_be_visible()
    expect(newcomer.say("Should I run after lifting?").locator("[lang]").first).to_have_attribute("lang", "en")


def test_right_to_left_is_mirrored(newcomer, add_page, picture):
    """In a language written from the right the panel stands left, the visitor's words too, and English answers stay readable."""
    newcomer.visit(add_page('data-lang="ar"')).open().say("Should I run after lifting?")
    picture(newcomer, "answer-right-to-left")

    assert newcomer.panel.bounding_box()["x"] < 100
    assert newcomer.page.locator(".bubble").bounding_box()["x"] < newcomer.page.locator(".card").bounding_box()["x"] + 50
    expect(newcomer.page.locator(".headline")).to_have_css("direction", "ltr")
    assert [] == too_wide(newcomer)
