#!/usr/bin/env python3
"""Puts every cell of a failed-row workbook right, as a clerk would, and leaves all else as it is.

    fix_failed_rows.py --seed 7 failed-rows.xlsx corrected.xlsx
"""

import argparse

import openpyxl

from make_roster import check_digit


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("failed")
    parser.add_argument("corrected")
    arguments = parser.parse_args()

    workbook = openpyxl.load_workbook(arguments.failed)
    sheet = workbook.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for number, row in enumerate(range(2, sheet.max_row + 1)):
        day = 1 + (arguments.seed + number) % 28
        first17 = f"6103231985{1 + number % 12:02d}{day:02d}{(arguments.seed + number) % 1000:03d}"
        sheet.cell(row, columns["姓名"]).value = "更正" + "甲乙丙丁戊己庚辛壬癸"[number % 10]
        sheet.cell(row, columns["身份证号码"]).value = first17 + check_digit(first17)
        sheet.cell(row, columns["手机号码"]).value = f"139{(arguments.seed * 100 + number) % 10**8:08d}"
        sheet.cell(row, columns["职业"]).value = "一般职业"
    workbook.save(arguments.corrected)


if __name__ == "__main__":
    main()
