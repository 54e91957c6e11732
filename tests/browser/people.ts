/** Invented people and units whose numbers have correct check digits, and rosters of them as CSV, which the platform reads, too. */

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const SURNAMES = '王李张刘陈杨赵黄周吴';
const GIVEN = '伟芳娜敏静丽强磊军洋';

export interface Person {
  name: string;
  id_number: string;
  mobile: string;
  occupation: string;
}

export function idNumber(serial: number): string {
  const year = 1970 + (serial % 30);
  const month = ((serial % 12) + 1).toString().padStart(2, '0');
  const day = ((serial % 28) + 1).toString().padStart(2, '0');
  const first17 = `610323${year}${month}${day}${(serial % 1000).toString().padStart(3, '0')}`;
  const sum = [...first17].reduce((total, digit, i) => total + Number(digit) * (WEIGHTS[i] ?? 0), 0);
  return first17 + ('10X98765432'[sum % 11] ?? '');
}

/** `from`: where the people of this test run begin, so that runs on one cloud do not share them. */
export function people(count: number, from: number): Person[] {
  return Array.from({ length: count }, (_, i) => {
    const serial = from + i;
    return {
      name: `${SURNAMES[serial % 10] ?? ''}${GIVEN[Math.floor(serial / 10) % 10] ?? ''}${GIVEN[Math.floor(serial / 100) % 10] ?? ''}`,
      id_number: idNumber(serial),
      mobile: `138${(serial % 100_000_000).toString().padStart(8, '0')}`,
      occupation: '一般职业',
    };
  });
}

export function csv(rows: Person[]): Buffer {
  const lines = rows.map((row, i) => [i + 1, row.name, row.id_number, row.mobile, row.occupation].join(','));
  return Buffer.from(`\uFEFF序号,姓名,身份证号码,手机号码,职业\r\n${lines.join('\r\n')}\r\n`, 'utf8');
}

/** A serial that no earlier run has used, as far as ID numbers reach. */
export function fresh(): number {
  return Math.floor(Date.now() / 1000) % 900_000_000;
}

const CODE_DIGITS = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const CODE_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/** A unified social credit code with its check character (GB 32100). */
export function creditCode(prefix: string, serial: number): string {
  const first17 = `${prefix}610323${(serial % 1_000_000_000).toString().padStart(9, '0')}`;
  const sum = [...first17].reduce((total, digit, i) => total + CODE_DIGITS.indexOf(digit) * (CODE_WEIGHTS[i] ?? 0), 0);
  return first17 + (CODE_DIGITS[(31 - (sum % 31)) % 31] ?? '');
}
