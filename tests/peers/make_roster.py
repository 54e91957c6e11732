#!/usr/bin/env python3
"""Makes a roster workbook with openpyxl: mostly valid people, and every kind of bad row.

    make_roster.py --rows 1000 --seed 7 --out roster.xlsx

Prints as JSON how many rows there are and which must fail, by row number, with which codes. The people are invented:
their ID numbers have correct check digits and exist by chance alone. The same arguments give the same rows.
The plan is assumed to be one for everybody from the age of 16 whose cover starts on 2025-01-01.
"""

import argparse
import datetime
import json
import random

import openpyxl

HEADER = ["序号", "姓名", "身份证号码", "手机号码", "职业"]
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国志玉兰红"
COUNTIES = ["110101", "370202", "410102", "610103", "610104", "230102", "310101", "440306"]
WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
# Characters beyond the basic plane or nearly so: some people have them in their names, and every font must.
RARE = ["王㛃", "李䶮", "张𠮷", "陈𫖯"]
BAD_EVERY = 100
# Born before the others: over the age limit of most plans, which is no failure.
OVER_AGE_EVERY = 397
OVER_AGE_FIRST_DAY = datetime.date(1960, 1, 1)
FIRST_DAY = datetime.date(1968, 1, 1)
DAYS = 38 * 365


def check_digit(first17):
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS)) % 11]


def id_number(serial, seed):
    """Unique per serial: the last three digits are its last three, and those of equal digits differ in birthday.

    Another seed gives other birthdays, so that two rosters do not share people.
    """
    if serial % OVER_AGE_EVERY == 0:
        birthday = OVER_AGE_FIRST_DAY + datetime.timedelta(days=seed * 613 % 1000)
    else:
        birthday = FIRST_DAY + datetime.timedelta(days=(serial % 1000 * 37 + serial // 1000 * 7919 + seed * 613) % DAYS)
    first17 = f"{COUNTIES[(serial + seed) % len(COUNTIES)]}{birthday:%Y%m%d}{serial % 1000:03d}"
    return first17 + check_digit(first17)


def bad_rows(person, earlier):
    """Every kind of row that must fail, as (changed row, codes). `person` is valid, `earlier` stands above it."""
    number, name, identity, phone, job = person
    wrong_check = identity[:17] + ("1" if identity[17] != "1" else "2")
    no_such_day = identity[:10] + "0230" + identity[14:17]
    nowhere = "00" + identity[2:17]
    yield [number, None, identity, phone, job], ["NAME_MISSING"]
    yield [number, name, None, phone, job], ["ID_MISSING"]
    yield [number, "张3", identity, phone, job], ["NAME_CHARACTER"]
    yield [number, name, wrong_check, phone, job], ["ID_CHECK_DIGIT"]
    yield [number, name, identity[:17], phone, job], ["ID_LENGTH"]
    yield [number, name, identity[:6] + identity[8:17], phone, job], ["ID_FIFTEEN"]
    yield [number, name, no_such_day + check_digit(no_such_day), phone, job], ["ID_BIRTH_DATE"]
    yield [number, name, nowhere + check_digit(nowhere), phone, job], ["ID_REGION"]
    yield [number, name, identity[:5] + "A" + identity[6:], phone, job], ["ID_CHARACTER"]
    yield [number, name, int(identity[:17] + "0"), phone, job], ["NUMBER_STORED_AS_NUMBER"]
    yield [number, name, identity, "12345678901", job], ["PHONE_FORMAT"]
    yield [number, name, identity, phone, "宇航员"], ["OCCUPATION_UNKNOWN"]
    yield [number, earlier[1], earlier[2], earlier[3], earlier[4]], ["DUPLICATE_IN_FILE"]
    yield [number, None, wrong_check, "1381234", job], ["NAME_MISSING", "ID_CHECK_DIGIT", "PHONE_FORMAT"]


def rows(count, seed):
    """The rows below the header, each with the codes it must fail with."""
    rng = random.Random(seed)
    earlier = None
    kinds = 0
    for serial in range(count):
        name = rng.choice(SURNAMES) + "".join(rng.choice(GIVEN) for _ in range(rng.choice((1, 2, 2))))
        phone = f"1{rng.choice('3456789')}{rng.randrange(10**9):09d}"
        job = rng.choice(("一般职业", "一般职业", "高危职业", None))
        shape = rng.randrange(20)
        person = [serial + 1, name, id_number(serial, seed), phone, job]
        if serial % BAD_EVERY == BAD_EVERY - 1:
            kinds_of_bad = list(bad_rows(person, earlier))
            yield kinds_of_bad[kinds % len(kinds_of_bad)]
            kinds += 1
            continue
        if serial < len(RARE):
            person[1] = RARE[serial]
            yield person, []
            continue
        earlier = list(person)
        if shape == 0:
            person[3] = int(phone)
        elif shape == 1:
            person[1] = f" {name[0]}\u3000{name[1:]} "
        elif shape == 2:
            person[3] = None
        yield person, []


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", required=True)
    arguments = parser.parse_args()

    workbook = openpyxl.Workbook(write_only=True)
    workbook.properties.created = workbook.properties.modified = datetime.datetime(2025, 1, 1)
    sheet = workbook.create_sheet("参保人信息")
    sheet.append(HEADER)
    failures = {}
    for row_number, (row, codes) in enumerate(rows(arguments.rows, arguments.seed), start=2):
        sheet.append(row)
        if codes:
            failures[row_number] = codes
    workbook.save(arguments.out)
    print(json.dumps({"total": arguments.rows, "failed": len(failures), "failures": failures}))


if __name__ == "__main__":
    main()
