#!/usr/bin/env python3
"""Makes the files a platform must survive, with the programs people (and attackers) make them with.

    make_hostile.py <folder>
"""

import io
import sys
import zipfile
from pathlib import Path

import openpyxl
from msoffcrypto.format.ooxml import OOXMLFile
from PIL import Image

HEADER = ["姓名", "身份证号码"]
PERSON = ["张三", "110101199003071233"]
ORIENTATION = 0x0112
SHEET = "xl/worksheets/sheet1.xml"


def workbook(rows):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("参保人信息")
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(book, name, content):
    """The workbook with one part replaced; `content` is what it inflates to."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


def part(book, name):
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        return parts.read(name).decode()


def encrypted(book):
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(book)).encrypt("secret", out)
    return out.getvalue()


def huge_bounding_box():
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append(PERSON)
    book.active["XFD1048576"] = "x"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def entity_bomb(book):
    entities = '<!ENTITY a "张三张三张三张三">'
    for last, name in zip("abcdefgh", "bcdefghi"):
        entities += f'<!ENTITY {name} "{f"&{last};" * 10}">'
    head, body = part(book, SHEET).replace("张三", "&i;").split("<worksheet", 1)
    return with_part(book, SHEET, f"{head}<!DOCTYPE worksheet [{entities}]><worksheet{body}")


def people(count):
    yield HEADER
    for _ in range(count):
        yield PERSON


def rosters():
    good = workbook([HEADER, PERSON])
    yield "truncated.xlsx", good[: len(good) // 2]
    yield "encrypted.xlsx", encrypted(good)
    yield "zip-bomb.xlsx", with_part(good, SHEET, b" " * (400 << 20))
    yield "huge-bounding-box.xlsx", huge_bounding_box()
    yield "entity-bomb.xlsx", entity_bomb(good)
    yield "wrong-headers.xlsx", workbook([["名字", "号码"], PERSON])
    yield "numeric-id.xlsx", workbook([HEADER, ["张三", 110101199003071233]])
    formulas = ["=HYPERLINK(\"http://x.example\",\"张三\")", "+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0"]
    yield "formula-injection.xlsx", workbook([HEADER, *([formula, PERSON[1]] for formula in formulas)])
    yield "gb18030.csv", "姓名,身份证号码\n张三,110101199003071233\n".encode("gb18030")
    yield "200001-rows.xlsx", workbook(people(200_001))


def jpeg(image, **options):
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85, **options)
    return out.getvalue()


def picture(width, height):
    across, down = Image.linear_gradient("L").rotate(90), Image.linear_gradient("L")
    return Image.merge("RGB", (across, down, Image.radial_gradient("L"))).resize((width, height))


def images():
    photo = picture(1200, 900)
    plain = jpeg(photo)
    yield "truncated.jpg", plain[: len(plain) // 2]
    yield "cmyk.jpg", jpeg(photo.convert("CMYK"))
    sixteen = io.BytesIO()
    Image.linear_gradient("L").resize((400, 300)).convert("I;16").save(sixteen, "PNG")
    yield "sixteen-bit.png", sixteen.getvalue()
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    yield "rotated.jpg", jpeg(photo, exif=exif)
    yield "fifty-megapixels.jpg", jpeg(picture(8_000, 6_250))
    yield "over-fifty-megapixels.jpg", jpeg(picture(8_000, 6_251))
    yield "script-appended.jpg", plain + b"<?php system($_GET['c']); ?>"


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (*rosters(), *images()):
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
