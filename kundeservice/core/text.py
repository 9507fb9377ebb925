"""Making what people type fit to be stored, and putting names in the order people look them up in."""

import unicodedata

KEPT_CONTROLS = frozenset("\n\t")
# Cs: half an emoji, as a phone's maxlength leaves it. Cc: control characters. Cn would be too wide: it holds new emoji.
REFUSED_CATEGORIES = frozenset({"Cc", "Cs"})
NONCHARACTERS = frozenset({"\ufffe", "\uffff"})


UNSEEN_CATEGORY = "Cf"
"""Zero-width characters, the byte order mark, soft hyphens, marks that turn the direction of writing."""
UNSEEN = frozenset({"\u034f", "\u115f", "\u1160", "\u3164", "\uffa0", *(chr(code) for code in range(0xFE00, 0xFE10))})


NORWEGIAN_ALPHABET = str.maketrans("æøå", "{|}")
"""The three letters after z, as the three characters after it, so that Å comes last and not before Æ."""


def in_alphabet(name: str) -> str:
    """What to sort a name by: capitals and small letters alike, whatever order the database keeps."""
    return name.casefold().translate(NORWEGIAN_ALPHABET)


def without_invisible(text: str) -> str:
    """Return `text` without characters nobody sees, and with every kind of blank as an ordinary one.

    For addresses, numbers and codes. Not for prose: an emoji may be held together by such a character.
    """
    if text.isascii():
        return text
    return "".join(" " if _is_blank(character) else character for character in text if not _is_unseen(character))


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) == UNSEEN_CATEGORY or character in UNSEEN


def _is_blank(character: str) -> bool:
    return unicodedata.category(character) == "Zs"


def clean_text(text: str) -> str:
    """Return `text` composed (NFC), with Unix line ends and without what no database, spreadsheet or PDF can take.

    Removed: NUL and other control characters except line feed and tab, lone surrogates, U+FFFE and U+FFFF.
    """
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(character for character in unix if _is_storable(character))
    return unicodedata.normalize("NFC", kept)


def _is_storable(character: str) -> bool:
    if character in KEPT_CONTROLS:
        return True
    return unicodedata.category(character) not in REFUSED_CATEGORIES and character not in NONCHARACTERS
