import { describe, expect, it } from 'vitest';
import { faultsOf } from './upload';

const MIB = 1024 * 1024;

describe('a file before it travels', () => {
  it.each([
    ['roster', '名单.XLSX', 20 * MIB, []],
    ['roster', '名单.csv', 20 * MIB + 1, ['文件不能超过20MB']],
    ['roster', '名单.pdf', 100, ['不支持这种文件类型']],
    ['enrolment-attachment', '证明.png', 0, ['文件是空的']],
    ['certificate-scan', '扫描', 21 * MIB, ['文件不能超过20MB', '不支持这种文件类型']],
  ] as const)('%s %s of %d bytes', (purpose, name, size, faults) => expect(faultsOf(purpose, { name, size })).toEqual(faults));
});
