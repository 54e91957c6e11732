/** A page that lists enrolments: heading and export, query panel, table with total. What is its own comes from the page. */
import { Space, type TableColumnsType } from 'antd';
import type { ReactNode } from 'react';
import { keys } from '../api/queries';
import type { EnrolmentRow } from '../api/schema.gen';
import { useT } from '../i18n';
import { ExportButton } from './ExportButton';
import { Listing, useFilters, type Filters } from './listing';
import { countEnrolments, numberFields, readEnrolments, rowColumns, stateField } from './lists';
import { RosterExport } from './RosterExport';

interface Props {
  title: string;
  /** Name in the cache, below that of all enrolments. */
  name: string;
  /** What is listed unless the filters ask for something else. */
  preset?: Filters;
  /** Whether states can be told apart by a filter. */
  byState?: boolean;
  /** Whether rows say whose enrolment it is. */
  unitShown?: boolean;
  /** Shows 序号 before everything else. */
  numbered?: boolean;
  /** Columns after those that every list of enrolments has. */
  columns: TableColumnsType<EnrolmentRow>;
  empty: { title: string; hint?: ReactNode };
  /** What the workbook holds; without it there is none. */
  exported?: 'enrolments' | 'receipts';
  /** Whether the rosters of what is listed can be exported, too. */
  rosters?: boolean;
  /** Buttons beside the export. */
  actions?: ReactNode;
  /** Between the heading and the list. */
  children?: ReactNode;
}

export function EnrolmentListing({ title, name, preset = {}, byState = false, unitShown = true, numbered = false, columns, empty, exported, rosters = false, actions, children }: Props) {
  const t = useT();
  const fields = byState ? [...numberFields(t), stateField(t)] : numberFields(t);
  const [filters] = useFilters(fields);
  const wanted = (asked: Filters): Filters => ({ ...preset, ...asked });
  const common = rowColumns(t).filter((column) => unitShown || !('dataIndex' in column && column.dataIndex === 'unit_name'));
  return (
    <>
      <div className="page-head">
        <h1>{title}</h1>
        <Space>
          {exported && <ExportButton kind={exported} filter={wanted(filters)} />}
          {rosters && <RosterExport filter={wanted(filters)} what={t('当前查询到的全部参保单的人员清单。')} />}
          {actions}
        </Space>
      </div>
      {children}
      <Listing<EnrolmentRow>
        caption={title}
        name={[...keys.enrolments, name]}
        read={(page, asked) => readEnrolments(page, wanted(asked))}
        count={(asked) => countEnrolments(wanted(asked))}
        numbered={numbered}
        fields={fields}
        columns={[...common, ...columns]}
        rowKey="id"
        empty={empty}
      />
    </>
  );
}
