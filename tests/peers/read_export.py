#!/usr/bin/env python3
"""Prints what openpyxl finds in an export, as JSON: the headings, and of every row the values with their types.

    read_export.py export.xlsx
"""

import json
import sys

import openpyxl


def main():
    sheet = openpyxl.load_workbook(sys.argv[1]).worksheets[0]
    rows = list(sheet.iter_rows())
    told = {
        "sheet": sheet.title,
        "frozen": sheet.freeze_panes,
        "headings": [cell.value for cell in rows[0]],
        "rows": [[[cell.data_type, type(cell.value).__name__, str(cell.value)] for cell in row] for row in rows[1:]],
    }
    json.dump(told, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
