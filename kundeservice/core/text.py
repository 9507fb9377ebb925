"""Making what people type fit to be stored, and putting names in the order people look them up in."""

import unicodedata

KEPT_CONTROLS = frozenset("\n\t")
# Cs: half an emoji, as a phone's maxlength leaves it. Cc: control characters. Cn would be too wide: it holds new emoji.
REFUSED_CATEGORIES = frozenset({"Cc", "Cs"})
NONCHARACTERS = frozenset({"\ufffe", "\uffff"})


UNSEEN_CATEGORY = "Cf"
"""Zero-width characters, the byte order mark, soft hyphens, marks that turn the direction of writing."""
_UNSEEN_RANGES = (
    *((0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2065, 0x2065), (0x2800, 0x2800)),
    *((0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0xE0000, 0xE0FFF)),
)
UNSEEN = frozenset(chr(code) for first, last in _UNSEEN_RANGES for code in range(first, last + 1))
"""What no font draws though Unicode calls it a letter or a mark: fillers, variation selectors, empty Braille."""
WORDLESS_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Mc", "Me", "Mn", "Zl", "Zp", "Zs"})
"""Blanks, controls, and marks without a letter to stand on. Not Cn: it holds new emoji, which do say something."""


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


def has_words(text: str) -> bool:
    """Whether anybody who reads `text` sees that something is written. Characters that nobody sees are no reason."""
    return any(
        unicodedata.category(character) not in WORDLESS_CATEGORIES and character not in UNSEEN for character in text
    )


def words_of(text: str) -> str:
    """What somebody wrote, fit to be stored and without blank edges; empty where it has no words.

    Every reason, note and comment is read by this, so that none that is needed can be given without a word.
    """
    written = clean_text(text).strip()
    return written if has_words(written) else ""


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
