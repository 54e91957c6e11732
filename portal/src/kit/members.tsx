/** The members of a plan's roster: searched in the body of the request, masked unless one may see numbers and asks to. */
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Popconfirm, Select, Space, Switch, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { versioned, api } from '../api/client';
import { keys } from '../api/queries';
import type { EnrolmentView, SearchInput } from '../api/schema.gen';
import { period } from '../format/dates';
import { useT } from '../i18n';
import { useMay } from '../shell/access';
import { CorrectMember, type Member } from './memberCorrection';
import { Listing } from './listing';
import { ProblemAlert } from './problem';
import { useSend } from './send';
import { Tag, countColumn } from './show';

type Wanted = Omit<SearchInput, 'plan'>;

/** What was asked, without what was left open. */
function asked(wanted: Wanted): Wanted {
  const entries: [string, unknown][] = Object.entries(wanted);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== ''));
}

interface Props {
  enrolment: EnrolmentView;
  plan: string;
  /** Whether members may be taken off. */
  editable?: boolean;
  /** Begin with those still covered (未到期). */
  unexpired?: boolean;
}

export function Members({ enrolment, plan, editable = false, unexpired }: Props) {
  const t = useT();
  const may = useMay();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [wanted, setWanted] = useState<Wanted>(unexpired ? { unexpired } : {});
  const [selected, select] = useState<string[]>([]);
  const [correcting, correct] = useState<Member | null>(null);
  // Places count from a version of the roster: removing goes with exactly that version.
  const [version, setVersion] = useState('"0"');
  const remove = useSend(
    (places: number[], key) =>
      versioned(
        api.POST('/enrolments/{enrolment}/roster/removals', {
          params: { path: { enrolment: enrolment.id }, header: { 'Idempotency-Key': key, 'If-Match': version } },
          body: { plan, places },
        }),
      ),
    async () => {
      message.success(t('已移除'));
      select([]);
      await queries.invalidateQueries({ queryKey: keys.enrolment(enrolment.id) });
    },
  );
  const columns: TableColumnsType<Member & { key: string }> = [
    { title: t('序号'), dataIndex: 'place', align: 'right', render: (place: number) => place + 1 },
    { title: t('姓名'), dataIndex: 'name' },
    { title: t('性别'), dataIndex: 'sex', render: (sex: string) => (sex === 'female' ? t('女') : t('男')) },
    countColumn(t('年龄'), (member) => member.age),
    { title: t('身份证号码'), dataIndex: 'id_number', className: 'figures' },
    { title: t('手机号码'), dataIndex: 'mobile', className: 'figures', render: (mobile: string | null | undefined) => mobile ?? '–' },
    { title: t('职业'), dataIndex: 'occupation', render: (occupation: string) => (occupation === 'high-risk' ? t('高危职业') : occupation === 'ordinary' ? t('一般职业') : occupation) },
    countColumn(t('份数'), (member) => member.shares),
    {
      title: t('标记'),
      key: 'flags',
      render: (_, member) => (
        <Space>
          {member.over_age && <Tag tone="bad">{t('超龄')}</Tag>}
          {member.unexpired && <Tag tone="money">{t('未到期')}</Tag>}
          {!member.over_age && !member.unexpired && '–'}
        </Space>
      ),
    },
    { title: t('本单位保障'), key: 'covers', render: (_, member) => member.covers.map((cover) => period([cover.start, cover.end])).join('；') || '–' },
  ];
  if (editable) {
    columns.push({
      title: t('操作'),
      key: 'actions',
      fixed: 'right',
      render: (_, member) => (
        <Button type="link" size="small" onClick={() => correct(member)}>
          {t('修改')}
        </Button>
      ),
    });
  }
  return (
    <>
      <Form className="filters" layout="vertical" initialValues={wanted} onFinish={(values: Wanted) => setWanted(values)} role="search">
        <Form.Item name="name" label={t('姓名')}>
          <Input allowClear autoComplete="off" />
        </Form.Item>
        <Form.Item name="id_number" label={t('身份证号码（完整）')}>
          <Input allowClear autoComplete="off" />
        </Form.Item>
        <Form.Item name="occupation" label={t('职业')}>
          <Select
            allowClear
            placeholder={t('全部')}
            options={[
              { value: 'ordinary', label: t('一般职业') },
              { value: 'high-risk', label: t('高危职业') },
            ]}
          />
        </Form.Item>
        <Form.Item name="over_age" label={t('超龄')}>
          <Select allowClear placeholder={t('全部')} options={[{ value: true, label: t('是') }, { value: false, label: t('否') }]} />
        </Form.Item>
        <Form.Item name="unexpired" label={t('未到期')}>
          <Select allowClear placeholder={t('全部')} options={[{ value: true, label: t('是') }, { value: false, label: t('否') }]} />
        </Form.Item>
        {may('unmask-numbers') && (
          <Form.Item name="unmasked" label={t('显示完整号码（记入轨迹）')} valuePropName="checked">
            <Switch />
          </Form.Item>
        )}
        <Form.Item label={<span className="sr-only">{t('查询')}</span>} className="filter-buttons">
          <Button type="primary" htmlType="submit">
            {t('查询')}
          </Button>
        </Form.Item>
      </Form>
      <ProblemAlert error={remove.error} />
      <Listing<Member & { key: string }>
        caption={t('人员清单')}
        name={[...keys.enrolment(enrolment.id), 'members', plan, JSON.stringify(wanted)]}
        filters={{}}
        read={async (page) => {
          const found = await versioned(
            api.POST('/enrolments/{enrolment}/roster/search', {
              params: { path: { enrolment: enrolment.id }, query: page },
              body: { ...asked(wanted), plan },
            }),
          );
          setVersion(found.version);
          const { members, total } = found.body;
          return { ...members, items: members.items.map((member) => ({ ...member, key: member.place.toString() })), all: { total, at_least: false } };
        }}
        columns={columns}
        rowKey="key"
        empty={{ title: t('没有人员清单'), hint: t('无名单参保，或还没有导入人员。') }}
        {...(editable
          ? {
              selection: { selected, select },
              toolbar: (
                <Popconfirm title={t('移除所选的{count}人？', { count: selected.length })} onConfirm={() => void remove.run(selected.map(Number))} disabled={selected.length === 0}>
                  <Button danger disabled={selected.length === 0} loading={remove.pending}>
                    {t('移除（{count}）', { count: selected.length })}
                  </Button>
                </Popconfirm>
              ),
            }
          : {})}
      />
      {correcting && <CorrectMember key={correcting.place} enrolment={enrolment.id} plan={plan} member={correcting} version={version} close={() => correct(null)} />}
    </>
  );
}
