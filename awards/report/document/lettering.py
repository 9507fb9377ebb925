"""What the report's own fonts can print, and how a sign that they cannot print is named.

The style sheet says which fonts there are, and the font files say which signs they hold. Nothing is borrowed from the
machine a report is made on: what is in neither font would be a box on paper, so it is told in words instead.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont

STYLE = "css/report.css"
"""Below the folder of static files."""
EMOJI = "Noto Emoji"
_FACE = re.compile(r"""@font-face\s*\{[^}]*?font-family:\s*"(?P<family>[^"]+)"[^}]*?url\("(?P<file>[^"]+)"\)""")

SCRIPTS = {
    "ARABIC": "arabisk",
    "ARMENIAN": "armensk",
    "BENGALI": "bengalsk",
    "CJK": "kinesisk",
    "DEVANAGARI": "devanagari",
    "ETHIOPIC": "etiopisk",
    "GEORGIAN": "georgisk",
    "GUJARATI": "gujarati",
    "GURMUKHI": "punjabi",
    "HANGUL": "koreansk",
    "HEBREW": "hebraisk",
    "HIRAGANA": "japansk",
    "IDEOGRAPHIC": "kinesisk",
    "KATAKANA": "japansk",
    "KHMER": "khmer",
    "LAO": "laotisk",
    "MYANMAR": "burmesisk",
    "SINHALA": "singalesisk",
    "SYRIAC": "syrisk",
    "TAMIL": "tamilsk",
    "TELUGU": "telugu",
    "THAANA": "maldivisk",
    "THAI": "thai",
    "TIBETAN": "tibetansk",
}
"""What people call the writing whose signs' names begin so."""

MOST_NAMED = 3
"""Signs of no writing that are named one by one; of more, the number is told."""
_SHAPERS = frozenset("\u200d\ufe0e\ufe0f")
"""Joiner and styles: they shape the emoji before them and have no business elsewhere."""
_KEYCAP = re.compile("([0-9#*])\ufe0f?\u20e3")
"""A key of a telephone: the digit in one font, the key in the other; the digit alone says it."""
_BLANKS = frozenset(map(ord, "\t\n"))
# Formatting, and marks on a letter: without a font for it, such a sign is no box but nothing at all.
_SILENT = frozenset({"Cc", "Cf", "Cs", "Me", "Mn"})


@dataclass(frozen=True, slots=True)
class Coverage:
    """The signs that every face of the text family holds, and those of the emoji family."""

    letters: frozenset[int]
    emoji: frozenset[int]

    def holds(self, text: str) -> bool:
        return all(ord(sign) in self.letters or ord(sign) in self.emoji for sign in text)

    def is_emoji(self, sign: str) -> bool:
        """Emoji fonts hold digits too, as parts of keys."""
        return not sign.isascii() and ord(sign) in self.emoji


@functools.cache
def coverage() -> Coverage:
    """Read from the font files that the style sheet names, once a process."""
    style = Path(settings.STATICFILES_DIRS[0]) / STYLE
    letters: frozenset[int] | None = None
    emoji: frozenset[int] = frozenset()
    for face in _FACE.finditer(style.read_text(encoding="utf-8")):
        signs = _signs_of(style.parent / face["file"])
        if face["family"] == EMOJI:
            emoji = signs
        else:
            letters = signs if letters is None else letters & signs
    return Coverage(_BLANKS | (letters or frozenset()), emoji)


def _signs_of(font: Path) -> frozenset[int]:
    with TTFont(font, lazy=True) as opened:
        return frozenset(opened.getBestCmap() or ())


def printable(text: str) -> str:
    """The text with what our fonts lack told in words: ``[kinesisk skrift, 2 tegn]``, ``[tegn: contour integral]``.

    Letters in fancy dress become plain ones (``𝐇𝐞𝐢`` is ``Hei``); signs that only steer others disappear.
    """
    if text.isascii():
        return text
    known = coverage()
    signs = _plainly(_KEYCAP.sub(r"\1", unicodedata.normalize("NFC", text)), known)
    foreign = re.escape("".join({sign for sign in signs if not known.holds(sign)}))
    if not foreign:
        return signs
    # One run is one note, with the spaces between its words.
    return re.sub(f"[{foreign}]+(?: +[{foreign}]+)*", lambda run: _note(run[0].replace(" ", "")), signs)


def _plainly(text: str, known: Coverage) -> str:
    kept: list[str] = []
    for sign in text:
        if sign in _SHAPERS:
            if kept and known.is_emoji(kept[-1]):
                kept.append(sign)
        elif known.holds(sign):
            kept.append(sign)
        elif unicodedata.category(sign) not in _SILENT:
            kept.append(_plain(sign, known))
    return "".join(kept)


def _plain(sign: str, known: Coverage) -> str:
    """What the sign is a variant of, where that can be printed: a bold letter, a ligature, a space of another width."""
    if unicodedata.category(sign) in {"Zl", "Zp"}:
        return "\n"
    plain = unicodedata.normalize("NFKC", sign)
    return plain if known.holds(plain) else sign


def _note(signs: str) -> str:
    scripts = dict.fromkeys(script for sign in signs if (script := _script(sign)))
    if scripts:
        return f"[{'/'.join(scripts)} skrift, {len(signs)} tegn]"
    names = dict.fromkeys(unicodedata.name(sign, f"U+{ord(sign):04X}") for sign in signs)
    if len(names) > MOST_NAMED:
        return f"[{len(signs)} tegn som ikke kan trykkes]"
    return f"[tegn: {', '.join(name if name.startswith('U+') else name.lower() for name in names)}]"


def _script(sign: str) -> str:
    words = re.split("[ -]", unicodedata.name(sign, ""))
    return next((SCRIPTS[word] for word in words if word in SCRIPTS), "")
