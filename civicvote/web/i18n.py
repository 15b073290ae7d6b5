"""Languages: Korean without a prefix, English under ``/en``.

The prefix is moved to SCRIPT_NAME, so every address that ``url_for`` makes stays in the reader's language, pages can
be cached by address, and switching the language is a plain link.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, Domain, force_locale
from jinja2 import pass_context
from jinja2.runtime import Context

DEFAULT_LOCALE = "ko"
LOCALES = {"ko": "한국어", "en": "English"}
_ENVIRON_KEY = "civicvote.locale"

StartResponse = Callable[..., Any]


class LocalePrefix:
    """WSGI middleware: ``/en/…`` becomes SCRIPT_NAME ``/en`` and the locale ``en``."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        first, _, rest = environ.get("PATH_INFO", "").lstrip("/").partition("/")
        if first in LOCALES and first != DEFAULT_LOCALE:
            environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}/{first}"
            environ["PATH_INFO"] = f"/{rest}"
            environ[_ENVIRON_KEY] = first
        return self.application(environ, start_response)


def request_locale() -> str:
    """The language of the address that was asked for."""
    locale: str = request.environ.get(_ENVIRON_KEY, DEFAULT_LOCALE)
    return locale


def current_locale() -> str:
    """The language that sentences are made in right now, in a request or a mail; asked a hundred times a page."""
    language: str | None = g.get("language")
    if language is None:
        language = g.language = request_locale() if has_request_context() else DEFAULT_LOCALE
    return language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Make sentences in ``language`` meanwhile, for a mail to somebody who reads another one."""
    before = current_locale()
    g.language = language
    try:
        with force_locale(language):
            yield
    finally:
        g.language = before


def localized(thing: Any, attribute: str) -> str:
    """``thing.attribute_ko`` or ``thing.attribute_en``, whichever the reader reads; Korean where English is missing."""
    text = getattr(thing, f"{attribute}_{current_locale()}", None) or getattr(thing, f"{attribute}_ko")
    return str(text)


def language_links() -> list[dict[str, Any]]:
    """This page in each language: code, own name, address, whether it is the one shown."""
    path = _address_of_this_page()
    return [
        {
            "code": code,
            "label": label,
            "url": path if code == DEFAULT_LOCALE else f"/{code}{path}",
            "current": code == request_locale(),
        }
        for code, label in LOCALES.items()
    ]


def _address_of_this_page() -> str:
    """As it was asked for, percent-encoded; one slash first, since ``//`` and ``/\\`` begin the name of a host."""
    path = quote(request.path.lstrip("/"), safe="/:@!$&'()*+,;=")
    query = quote(request.query_string, safe="%/:@!$&'()*+,;=?")
    return f"/{path}?{query}" if query else f"/{path}"


_CATALOGUES = Path(__file__).parents[1] / "translations"


@cache
def _translations(language: str) -> Translations:
    """All catalogues of a language as one, straight from the .po files: nothing to compile, nothing to go stale."""
    merged = Translations()
    for path in sorted((_CATALOGUES / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as source:
            catalogue = read_po(source, locale=language)
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        translations = Translations(compiled)
        merged.merge(translations)
        merged.plural = translations.plural  # merge() leaves the plural rule behind
    return merged


def number(value: int) -> str:
    """1,156: in both languages."""
    return f"{value:,}"


class _Catalogues(Domain):
    def get_translations(self) -> Translations:
        return _translations(current_locale())

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        """``%(num)s`` is the number as people read it."""
        sentence = self.get_translations().ungettext(singular, plural, num)
        return str(sentence % {"num": number(num), **variables})


class _Babel(Babel):
    domain_instance = _Catalogues()


def init_app(app: Flask) -> None:
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT_LOCALE
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Seoul"
    _Babel(app, locale_selector=current_locale)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _translations(current_locale()).ugettext(text),
        lambda one, many, number: _translations(current_locale()).ungettext(one, many, number),
        newstyle=True,
    )
    in_templates: Any = app.jinja_env.globals["ngettext"]

    @pass_context
    def ngettext(context: Context, one: str, many: str, count: int, **variables: Any) -> Any:
        return context.call(in_templates, one, many, count, **{"num": number(count), **variables})

    app.jinja_env.globals["ngettext"] = ngettext
    app.wsgi_app = LocalePrefix(app.wsgi_app)  # type: ignore[method-assign]
    app.jinja_env.filters["localized"] = localized
    app.jinja_env.globals["language_links"] = language_links
    app.jinja_env.globals["current_locale"] = current_locale
