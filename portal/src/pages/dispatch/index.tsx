/** 调度: a supervisor hands a task to another account, which may then read what it is about wherever it lies. */
import { Button, Tabs, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { keys } from '../../api/queries';
import type { TaskView } from '../../api/schema.gen';
import { minute } from '../../format/dates';
import { useT } from '../../i18n';
import { Hand, LEVELS } from '../../kit/dispatch';
import { Listing, type Field } from '../../kit/listing';
import { PoolExport, readTasks, usePoolFields, type Tab as PoolTab } from '../../kit/pool';
import { Tag } from '../../kit/show';

const tabOf = (asked: string | undefined): PoolTab => (asked === 'held' ? 'held' : 'pending');

export default function Dispatch() {
  const t = useT();
  const [params, setParams] = useSearchParams();
  const level = LEVELS.find((one) => one.level === params.get('level'))?.level ?? 'first-review';
  const [task, setTask] = useState<TaskView | null>(null);
  const number = level === 'registration' ? t('统一社会信用代码') : t('申请书号');
  const fields: Field[] = [
    {
      name: 'tab',
      label: t('任务状态'),
      kind: 'select',
      placeholder: t('待处理'),
      options: [
        { value: 'pending', label: t('待处理') },
        { value: 'held', label: t('全部在办') },
      ],
    },
    ...usePoolFields(number),
  ];
  const columns: TableColumnsType<TaskView> = [
    { title: number, dataIndex: 'application_number', render: (number: string, row) => (row.enrolment ? <Link to={`/enrolment-query/${row.enrolment}`}>{number}</Link> : number) },
    { title: t('单位名称'), dataIndex: 'unit_name' },
    { title: t('进入时间'), dataIndex: 'queued_at', render: minute },
    { title: t('办理期限'), dataIndex: 'due_at', render: (due: string, row) => (row.overdue ? <Tag tone="bad">{minute(due)}</Tag> : minute(due)) },
    { title: t('处理人'), dataIndex: 'owner_name', render: (owner: string | null | undefined) => owner ?? '–' },
    {
      title: t('操作'),
      key: 'actions',
      fixed: 'right',
      render: (_, row) => (
        <Button type="link" size="small" onClick={() => setTask(row)}>
          {t('调度')}
        </Button>
      ),
    },
  ];
  return (
    <>
      <h1>{t('调度')}</h1>
      <Tabs activeKey={level} onChange={(next) => setParams({ level: next })} items={LEVELS.map(({ level: key, name }) => ({ key, label: t(name) }))} />
      <Listing<TaskView>
        caption={t('工作池')}
        name={[...keys.tasks, level, 'dispatch']}
        read={(page, { tab, ...filters }) => readTasks(level, tabOf(tab), page, filters)}
        fields={fields}
        columns={columns}
        rowKey="id"
        toolbar={({ tab, ...filters }) => <PoolExport level={level} tab={tabOf(tab)} filters={filters} />}
        empty={{ title: t('没有待处理的任务') }}
      />
      {task && <Hand task={task} level={level} close={() => setTask(null)} />}
    </>
  );
}
