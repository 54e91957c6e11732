/** For tests of components: a draft, a member, dialogs, and what a conflict shows. Asking for roles is slow in pages as large as these. */
import { screen, waitFor, within } from '@testing-library/react';
import type { EnrolmentView } from '../api/schema.gen';
import type { Member } from './member';

/** An enrolment as its unit enters it. */
export const DRAFT: EnrolmentView = {
  id: 'e-1',
  application_number: 'A26022024120410000821',
  unit: 'u',
  unit_name: '第一机械厂',
  state: 'drafting',
  state_name: '录入',
  version: 1,
  created_at: '2025-01-01T00:00:00Z',
  new_employment_form: false,
  plans: [],
  remark: '',
  attachments: [],
  batches: [],
  opinions: [],
};

/** A member of a roster, brought in by this row of its file. */
export const member = (row: number, name: string): Member => ({
  place: row - 2,
  entry: `u1.${row}`,
  row,
  numbers_tag: `tag-${row}`,
  name,
  sex: 'male',
  age: 40,
  id_number: `37020219851130456${row}`,
  mobile: '138****0000',
  occupation: 'ordinary',
  shares: 1,
  over_age: false,
  unexpired: false,
  covers: [],
});

/** The dialog with this title. Ant Design gives all dialogs of a test one identifier, so their names do not tell them apart. */
export async function dialog(title: string) {
  const place = await waitFor(() => {
    const [found] = screen.queryAllByText(title).flatMap((text) => text.closest<HTMLElement>('[role=dialog]') ?? []);
    if (!found) throw new Error(`no dialog ${title}`);
    return found;
  });
  return { place, ...within(place) };
}

/** Both versions side by side: the dialog, and its rows as label, mine and theirs. */
export async function conflict() {
  const shown = await dialog('内容已被他人更新');
  const rows = [...shown.place.querySelectorAll('tbody tr.ant-table-row')].map((row) => [...row.children].map((cell) => cell.textContent));
  return { ...shown, rows };
}
