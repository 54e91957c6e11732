/** Lists of enrolments: one way to read them, and the columns that are the same everywhere. */
import type { TableColumnsType } from 'antd';
import { answer, api } from '../api/client';
import { Refused } from '../api/problem';
import type { EnrolmentRow } from '../api/schema.gen';
import { day } from '../format/dates';
import type { Translate } from '../i18n';
import { STATES, StateTag } from './show';
import type { Field, Filters } from './listing';

/** A page of enrolments; `filters` are those of the API. */
export function readEnrolments(page: { limit: number; cursor?: string }, filters: Filters) {
  return answer(api.GET('/enrolments', { params: { query: { ...page, ...filters } } }));
}

/** How many such enrolments there are. */
export function countEnrolments(filters: Filters) {
  return answer(api.GET('/enrolments/counts', { params: { query: filters } }));
}

/** The enrolment of an application number, for a form that asks for one; `pointer` is what a refusal is about. */
export async function enrolmentNumbered(application_number: string, pointer: string): Promise<string> {
  let cursor: string | undefined;
  do {
    // A page may end before it is full: there is more as long as there is a next one.
    const page = await readEnrolments({ limit: 20, ...(cursor ? { cursor } : {}) }, { application_number });
    const [found] = page.items;
    if (found) return found.id;
    cursor = page.next ?? undefined;
  } while (cursor);
  const detail = '没有这个申请书号的参保单，或不在您的查看范围内';
  throw new Refused({ type: '/problems/invalid', title: '内容不符合规定', status: 422, code: 'INVALID', detail, errors: [{ pointer, code: 'ENROLMENT_UNKNOWN', detail }] });
}

/** States in which a notice can be printed: an amount is due or was paid. */
export const PRINTABLE = new Set(['invoicing', 'awaiting-payment', 'awaiting-print', 'awaiting-archive', 'completed']);

export function numberFields(t: Translate): Field[] {
  return [
    { name: 'application_number', label: t('申请书号') },
    { name: 'from', label: t('录入日期起'), kind: 'date' },
    { name: 'to', label: t('录入日期止'), kind: 'date' },
  ];
}

export function stateField(t: Translate): Field {
  return { name: 'state', label: t('状态'), kind: 'select', options: Object.entries(STATES).map(([value, name]) => ({ value, label: t(name) })) };
}

export function rowColumns(t: Translate): TableColumnsType<EnrolmentRow> {
  return [
    { title: t('申请书号'), dataIndex: 'application_number', className: 'figures' },
    { title: t('单位名称'), dataIndex: 'unit_name' },
    { title: t('录入日期'), dataIndex: 'created_at', render: day },
    { title: t('状态'), render: (_, row) => <StateTag state={row.state} name={row.state_name} /> },
  ];
}
