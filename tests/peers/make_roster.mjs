#!/usr/bin/env node
// Makes a roster workbook with exceljs: mostly valid people, and every kind of bad row.
//
//     node make_roster.mjs --rows 1000 --seed 7 --out roster.xlsx
//
// Prints as JSON how many rows there are and which must fail, by row number, with which codes. The people are
// invented: their ID numbers have correct check digits and exist by chance alone. The same arguments give the same rows.
// The plan is assumed to be one for everybody from the age of 16 whose cover starts on 2025-01-01.

import { createRequire } from "node:module";
import { parseArgs } from "node:util";

// Resolved from the working directory, where the caller has installed it.
const ExcelJS = createRequire(`${process.cwd()}/`)("exceljs");

const HEADER = ["序号", "姓名", "身份证号码", "手机号码", "职业"];
const SURNAMES = [..."王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"];
const GIVEN = [..."伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国志玉兰红"];
const COUNTIES = ["110101", "370202", "410102", "610103", "610104", "230102", "310101", "440306"];
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const BAD_EVERY = 100;
const FIRST_DAY = Date.UTC(1968, 0, 1);
const DAYS = 38 * 365;

/** mulberry32: a small generator that is the same everywhere. */
function random(seed) {
  return (below) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const checkDigit = (first17) =>
  "10X98765432"[WEIGHTS.reduce((sum, weight, at) => sum + weight * Number(first17[at]), 0) % 11];

/** Unique per serial; another seed gives other birthdays, so that two rosters do not share people. */
function idNumber(serial, seed) {
  const days = ((serial % 1000) * 37 + Math.floor(serial / 1000) * 7919 + seed * 613) % DAYS;
  const birthday = new Date(FIRST_DAY + days * 86_400_000);
  const day = birthday.toISOString().slice(0, 10).replaceAll("-", "");
  const first17 = COUNTIES[serial % COUNTIES.length] + day + String(serial % 1000).padStart(3, "0");
  return first17 + checkDigit(first17);
}

/** Every kind of row that must fail, as [changed row, codes]. */
function badRows([number, name, id, phone, job], earlier) {
  const wrongCheck = id.slice(0, 17) + (id[17] === "1" ? "2" : "1");
  const noSuchDay = `${id.slice(0, 10)}0230${id.slice(14, 17)}`;
  const nowhere = `00${id.slice(2, 17)}`;
  return [
    [[number, null, id, phone, job], ["NAME_MISSING"]],
    [[number, name, null, phone, job], ["ID_MISSING"]],
    [[number, "张3", id, phone, job], ["NAME_CHARACTER"]],
    [[number, name, wrongCheck, phone, job], ["ID_CHECK_DIGIT"]],
    [[number, name, id.slice(0, 17), phone, job], ["ID_LENGTH"]],
    [[number, name, id.slice(0, 6) + id.slice(8, 17), phone, job], ["ID_FIFTEEN"]],
    [[number, name, noSuchDay + checkDigit(noSuchDay), phone, job], ["ID_BIRTH_DATE"]],
    [[number, name, nowhere + checkDigit(nowhere), phone, job], ["ID_REGION"]],
    [[number, name, `${id.slice(0, 5)}A${id.slice(6)}`, phone, job], ["ID_CHARACTER"]],
    [[number, name, Number(`${id.slice(0, 17)}0`), phone, job], ["NUMBER_STORED_AS_NUMBER"]],
    [[number, name, id, "12345678901", job], ["PHONE_FORMAT"]],
    [[number, name, id, phone, "宇航员"], ["OCCUPATION_UNKNOWN"]],
    [[number, ...earlier.slice(1)], ["DUPLICATE_IN_FILE"]],
    [[number, null, wrongCheck, "1381234", job], ["NAME_MISSING", "ID_CHECK_DIGIT", "PHONE_FORMAT"]],
  ];
}

/** The rows below the header, each with the codes it must fail with. */
function* rows(count, seed) {
  const below = random(seed);
  const pick = (list) => list[below(list.length)];
  let earlier = null;
  let kinds = 0;
  for (let serial = 0; serial < count; serial += 1) {
    const name = pick(SURNAMES) + Array.from({ length: pick([1, 2, 2]) }, () => pick(GIVEN)).join("");
    const phone = `1${pick([..."3456789"])}${String(below(1e9)).padStart(9, "0")}`;
    const person = [serial + 1, name, idNumber(serial, seed), phone, pick(["一般职业", "一般职业", "高危职业", null])];
    const shape = below(20);
    if (serial % BAD_EVERY === BAD_EVERY - 1) {
      const bad = badRows(person, earlier);
      yield bad[kinds % bad.length];
      kinds += 1;
      continue;
    }
    earlier = [...person];
    if (shape === 0) person[3] = Number(phone);
    else if (shape === 1) person[1] = ` ${name[0]}\u3000${name.slice(1)} `;
    else if (shape === 2) person[3] = null;
    yield [person, []];
  }
}

const { values } = parseArgs({ options: { rows: { type: "string" }, seed: { type: "string" }, out: { type: "string" } } });
const total = Number(values.rows);
const workbook = new ExcelJS.Workbook();
workbook.created = workbook.modified = new Date(Date.UTC(2025, 0, 1));
const sheet = workbook.addWorksheet("参保人信息");
sheet.addRow(HEADER);
const failures = {};
let rowNumber = 2;
for (const [row, codes] of rows(total, Number(values.seed))) {
  sheet.addRow(row);
  if (codes.length > 0) failures[rowNumber] = codes;
  rowNumber += 1;
}
await workbook.xlsx.writeFile(values.out);
console.log(JSON.stringify({ total, failed: Object.keys(failures).length, failures }));
