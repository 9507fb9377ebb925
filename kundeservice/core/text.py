"""Making what people type fit to be stored."""

import unicodedata

KEPT_CONTROLS = frozenset("\n\t")
# Cs: half an emoji, as a phone's maxlength leaves it. Cc: control characters. Cn would be too wide: it holds new emoji.
REFUSED_CATEGORIES = frozenset({"Cc", "Cs"})
NONCHARACTERS = frozenset({"\ufffe", "\uffff"})


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
