import { expect, it } from 'vitest';
import { corrected } from './failed';

const row = (row_number: number) => ({ row_number, name: '张三', id_number: '1', mobile: '', occupation: '', shares: [], reasons: [{ cell: 'id_number', code: 'ID_LENGTH', text: '应为18位' }] });
const page = (version: number, ...rows: number[]) => ({ version, share_columns: [], total: 4, rows: { items: rows.map(row) } });

it('takes rows that passed off the list, and keeps the others as they were sent', () => {
  const reasons = [{ cell: 'id_number', code: 'ID_CHECK_DIGIT', text: '最后一位不符' }];
  const sent = [2, 5].map((row_number) => ({ row_number, name: '李四', id_number: '2', mobile: '', occupation: '', shares: [] }));
  const outcome = { id: 'e', version: 2, accepted: 1, remaining: 3, failed: [{ row_number: 5, reasons }] };
  const after = corrected({ pages: [page(1, 2, 3), page(0, 5, 7)], pageParams: ['', '2'] }, sent, outcome, 1);
  expect(after.pages.flatMap(({ rows }) => rows.items.map(({ row_number, name }) => [row_number, name]))).toEqual([
    [3, '张三'],
    [5, '李四'],
    [7, '张三'],
  ]);
  expect(after.pages[1]?.rows.items[0]?.reasons).toEqual(reasons);
  expect(after.pages.map(({ total }) => total)).toEqual([3, 3]);
  expect(after.pages.map(({ version }) => version), 'only what was as new as the correction has come along').toEqual([2, 0]);
});
