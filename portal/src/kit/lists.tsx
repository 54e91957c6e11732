/** Lists of enrolments: one way to read them, and the columns that are the same everywhere. */
import type { TableColumnsType } from 'antd';
import { answer, api } from '../api/client';
import type { EnrolmentRow } from '../api/schema.gen';
import { day } from '../format/dates';
import type { Translate } from '../i18n';
import { STATES, StateTag } from './show';
import type { Field, Filters } from './listing';

/** A page of enrolments; `filters` are those of the API. */
export function readEnrolments(page: { limit: number; cursor?: string }, filters: Filters) {
  return answer(api.GET('/enrolments', { params: { query: { ...page, ...filters } } }));
}

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
