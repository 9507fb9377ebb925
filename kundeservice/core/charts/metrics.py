"""How wide a text is in Source Sans 3, so that labels can be placed and broken without a browser.

Advance widths in thousandths of the text size, read from the vendored font files (kerning left out: it only makes
text narrower).
"""

from __future__ import annotations

_REGULAR_CHARACTERS_BY_WIDTH = {
    200: " \u00a0",
    241: "|¦",
    246: "iìíîï",
    247: "j",
    249: "',.:;·‘’",
    255: "l",
    263: "IÌÍÎÏ",
    289: "!¡",
    292: "f",
    303: "()[]{}",
    304: "•",
    311: "-",
    331: "°",
    338: "tŧ",
    345: "ª",
    347: "r",
    350: "/\\",
    365: "º",
    367: "²³¹",
    418: "*",
    419: "sš",
    423: "®",
    425: "?z¿ž",
    426: '"“”',
    429: "«»",
    446: "x",
    456: "cçč",
    467: "vyýÿ",
    476: "YÝ",
    480: "J–",
    486: "L",
    494: "F",
    495: "k",
    496: "eèéêë",
    497: "#$+0123456789<=>^~¢£¤¥§¬±×÷−≥≤≈",
    500: "_",
    504: "agàáâãäå",
    513: "X",
    515: "V",
    526: "✗",
    527: "EÈÉÊË",
    534: "SŠ",
    536: "TŦ",
    539: "ZŽ",
    542: "`o¨¯´¸òóôõöøő",
    544: "AhuÀÁÂÃÄÅðùúûü",
    547: "nñŋ",
    553: "b",
    555: "dpqþ",
    560: "¶",
    562: "µđ",
    566: "P",
    569: "R",
    571: "CÇČ",
    576: "ß",
    579: "K",
    583: "Þ",
    588: "B",
    609: "&",
    612: "✓",
    615: "D",
    617: "G",
    619: "→←",
    635: "ĐŊ",
    639: "Ð",
    645: "UÙÚÛÜ",
    647: "NÑ",
    652: "H",
    664: "OQÒÓÔÕÖØŐ",
    719: "w",
    727: "M",
    744: "©",
    778: "æ",
    781: "¼",
    786: "W",
    796: "¾",
    800: "—",
    808: "½",
    822: "Æ",
    824: "%",
    829: "m",
    847: "@",
    948: "…",
}
_SEMIBOLD_CHARACTERS_BY_WIDTH = {
    200: " \u00a0",
    255: "|¦",
    262: "iìíîï",
    263: "j",
    271: "l",
    275: "',.:;·‘’",
    282: "IÌÍÎÏ",
    315: "!¡",
    317: "f",
    322: "-",
    324: "()[]{}",
    325: "•",
    344: "/\\",
    348: "°",
    352: "ª",
    361: "tŧ",
    369: "º",
    372: "²³¹",
    373: "r",
    431: "sš",
    438: "*",
    443: "z®ž",
    444: "?¿",
    455: "«»",
    462: "cçč",
    480: "–",
    481: "x",
    482: '"“”',
    494: "J",
    495: "vyýÿ",
    500: "_",
    501: "YÝ",
    502: "L",
    507: "eèéêë",
    510: "F",
    513: "#$+0123456789<=>^~¢£¤¥§¬±×÷−≥≤≈",
    516: "aàáâãäå",
    520: "g",
    522: "k",
    536: "V",
    538: "EÈÉÊË",
    540: "ZŽ",
    541: "X",
    545: "SŠ",
    546: "TŦ✗",
    549: "`o¨¯´¸òóôõöøő",
    552: "ð",
    556: "uùúûü",
    558: "AhÀÁÂÃÄÅ",
    560: "nñŋ",
    563: "b",
    564: "dpqþđ",
    576: "CÇČ",
    578: "µ",
    582: "P",
    592: "R",
    597: "BK",
    599: "¶",
    600: "Þ",
    604: "ß",
    618: "→←",
    625: "D",
    628: "G",
    630: "✓",
    639: "&",
    645: "Đ",
    651: "ÐŊ",
    655: "UÙÚÛÜ",
    656: "Ñ",
    657: "N",
    663: "H",
    674: "OQÒÓÔÕÖØŐ",
    745: "M",
    747: "©",
    748: "w",
    780: "æ",
    795: "¼",
    800: "W—",
    807: "¾",
    827: "½",
    834: "Æ",
    841: "%",
    843: "m",
    875: "@",
    964: "…",
}


def _by_character(characters_by_width: dict[int, str]) -> dict[str, int]:
    return {character: width for width, characters in characters_by_width.items() for character in characters}


_REGULAR = _by_character(_REGULAR_CHARACTERS_BY_WIDTH)
_SEMIBOLD = _by_character(_SEMIBOLD_CHARACTERS_BY_WIDTH)
_UNKNOWN = 600


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width in the unit of ``size``. A character outside the table counts as a wide one."""
    widths = _SEMIBOLD if bold else _REGULAR
    return sum(widths.get(character, _UNKNOWN) for character in text) * size / 1000


def break_lines(text: str, size: float, room: float, *, most: int = 2, bold: bool = False) -> tuple[str, ...]:
    """The text in at most ``most`` lines no wider than ``room``; what is left over ends in an ellipsis.

    Breaks at spaces only; a single word wider than the room is cut.
    """
    words = text.split()
    lines: list[str] = []
    while words and len(lines) < most - 1:
        taken = _words_that_fit(words, size, room, bold)
        lines.append(_cut(" ".join(words[:taken]), size, room, bold))
        words = words[taken:]
    if words:
        lines.append(_cut(" ".join(words), size, room, bold))
    return tuple(lines)


def _words_that_fit(words: list[str], size: float, room: float, bold: bool) -> int:
    taken = 1
    while taken < len(words) and text_width(" ".join(words[: taken + 1]), size, bold=bold) <= room:
        taken += 1
    return taken


def _cut(line: str, size: float, room: float, bold: bool) -> str:
    if text_width(line, size, bold=bold) <= room:
        return line
    while line and text_width(line + "…", size, bold=bold) > room:
        line = line[:-1]
    return line.rstrip() + "…"
