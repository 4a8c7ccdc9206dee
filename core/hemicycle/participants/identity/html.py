"""What the pages of identity look like, in French and English."""

import base64
import hashlib
from html import escape

STYLE = """
body { font: 1.125rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto; padding: 0 1rem; color: #161616;
  background: #fff }
label, input, button { display: block; font: inherit }
input { width: 100%; box-sizing: border-box; padding: .6rem; margin: .3rem 0 1rem; border: 2px solid #3a3a3a }
button { padding: .6rem 1.2rem; border: 0; background: #000091; color: #fff; cursor: pointer }
:focus-visible { outline: 3px solid #0a76f6; outline-offset: 2px }
[role=alert] { border-left: .4rem solid #ce0500; padding-left: 1rem }
"""
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",  # the address of the page may hold a secret
    "Cache-Control": "no-store",
}
WORDS = {
    "fr": {
        "title": "Connexion", "email": "Votre adresse électronique", "send": "Recevoir un lien",
        "sent": "Un message part vers cette adresse. Ouvrez son lien dans ce navigateur, ou saisissez ici son code.",
        "code": "Le code à six chiffres", "enter": "Se connecter",
        "confirm": "Confirmez que vous voulez vous connecter.",
        "done": "Vous voilà connecté·e. Vous pouvez fermer cette page.", "leave": "Se déconnecter",
        "again": "Demander un autre lien",
        "mail": "Nouvelles par courriel", "stop": "Ne plus recevoir de nouvelles",
        "stopped": "Vous ne recevrez plus de nouvelles, sauf des décisions qui vous concernent.",
    },
    "en": {
        "title": "Sign in", "email": "Your electronic mail address", "send": "Receive a link",
        "sent": "A message is on its way to this address. Open its link in this browser, or type its code here.",
        "code": "The code of six digits", "enter": "Sign in", "confirm": "Confirm that you want to sign in.",
        "done": "You are signed in. You may close this page.", "leave": "Sign out", "again": "Ask for another link",
        "mail": "News by mail", "stop": "Receive no more news",
        "stopped": "You will receive no more news, except of decisions that concern you.",
    },
}  # fmt: skip


def ask(language: str, problem: str = "") -> str:
    """The form for an address."""
    words = WORDS[language]
    field = _field("email", words["email"], 'type="email" autocomplete="email" maxlength="254"')
    return _page(language, "title", problem, _form("ask", field, words["send"]))


def enter(language: str, problem: str = "") -> str:
    """The form for the code."""
    words = WORDS[language]
    field = _field("code", words["code"], 'inputmode="numeric" autocomplete="one-time-code" maxlength="12"')
    again = f'<p><a href="sign-in">{escape(words["again"])}</a></p>'
    return _page(
        language, "title", problem, f"<p>{escape(words['sent'])}</p>" + _form("enter", field, words["enter"]) + again
    )


def confirm(language: str, link: str, request: str, problem: str = "") -> str:
    """The button below a link."""
    words = WORDS[language]
    hidden = _hidden("link", link) + (_hidden("request", request) if request else "")
    again = f'<p><a href="sign-in">{escape(words["again"])}</a></p>' if problem else ""
    return _page(
        language, "title", problem, f"<p>{escape(words['confirm'])}</p>{_form('enter', hidden, words['enter'])}{again}"
    )


def done(language: str) -> str:
    """After signing in."""
    words = WORDS[language]
    return _page(language, "title", "", f"<p>{escape(words['done'])}</p>" + _form("leave", "", words["leave"]))


def unsubscribe(language: str, key: str, problem: str = "") -> str:
    """The button below the end of a mail."""
    action = f"unsubscribe?key={escape(key)}"
    button = f'<form method="post" action="{action}"><button>{escape(WORDS[language]["stop"])}</button></form>'
    return _page(language, "mail", problem, button)


def unsubscribed(language: str) -> str:
    """After that."""
    return _page(language, "mail", "", f"<p>{escape(WORDS[language]['stopped'])}</p>")


def _page(language: str, title: str, problem: str, content: str) -> str:
    words = WORDS[language]
    alert = f'<p role="alert">{escape(problem)}</p>' if problem else ""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{escape(words[title])}</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{escape(words[title])}</h1>{alert}{content}</main></body></html>"
    )


def _form(step: str, fields: str, button: str) -> str:
    return (
        f'<form method="post" action="sign-in">{_hidden("step", step)}{fields}<button>{escape(button)}</button></form>'
    )


def _field(name: str, label: str, how: str) -> str:
    return f'<label for="{name}">{escape(label)}</label><input id="{name}" name="{name}" required {how}>'


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'
