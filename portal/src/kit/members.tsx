/** The members of a plan's roster: searched in the body of the request, masked unless one may see numbers and asks to. */
import { Button, Form, Input, Select, Space, Switch, type TableColumnsType } from 'antd';
import { useId, useState } from 'react';
import { keys } from '../api/queries';
import type { EnrolmentView, SearchInput } from '../api/schema.gen';
import { period } from '../format/dates';
import { useT } from '../i18n';
import { useMay } from '../shell/access';
import { Listing } from './listing';
import { occupationName, searchMembers, type Member } from './member';
import { CorrectMember } from './memberCorrection';
import { RemoveMembers } from './memberRemoval';
import { Tag, countColumn } from './show';

type Wanted = Omit<SearchInput, 'plan'>;

/** What was asked, without what was left open. */
function asked(wanted: Wanted): Wanted {
  const entries: [string, unknown][] = Object.entries(wanted);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== ''));
}

/** With the version the list was read at. */
type Listed = Member & { version: number };

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
  const id = useId();
  const [wanted, setWanted] = useState<Wanted>(unexpired ? { unexpired } : {});
  const [selected, select] = useState<Listed[]>([]);
  const [correcting, correct] = useState<Listed | null>(null);
  const roster = { enrolment: enrolment.id, plan, unmasked: wanted.unmasked ?? false };
  const columns: TableColumnsType<Listed> = [
    { title: t('序号'), dataIndex: 'place', align: 'right', render: (place: number) => place + 1 },
    { title: t('姓名'), dataIndex: 'name' },
    { title: t('性别'), dataIndex: 'sex', render: (sex: string) => (sex === 'female' ? t('女') : t('男')) },
    countColumn(t('年龄'), (member) => member.age),
    { title: t('身份证号码'), dataIndex: 'id_number', className: 'figures' },
    { title: t('手机号码'), dataIndex: 'mobile', className: 'figures', render: (mobile: string | null | undefined) => mobile ?? '–' },
    { title: t('职业'), dataIndex: 'occupation', render: (occupation: string) => occupationName(occupation, t) },
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
  const search = (values: Wanted) => {
    select([]);
    setWanted(values);
  };
  const chosen = selected.map(({ entry }) => entry);
  return (
    <>
      <Form name={id} className="filters" layout="vertical" initialValues={wanted} onFinish={search} role="search">
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
      <Listing<Listed>
        caption={t('人员清单')}
        name={[...keys.enrolment(enrolment.id), 'members', plan, JSON.stringify(wanted)]}
        filters={{}}
        read={async (page) => {
          const { body, version } = await searchMembers(enrolment.id, page, { ...asked(wanted), plan });
          const { members, total } = body;
          return { ...members, items: members.items.map((member) => ({ ...member, version })), all: { total, at_least: false } };
        }}
        columns={columns}
        rowKey="entry"
        empty={{ title: t('没有人员清单'), hint: t('无名单参保，或还没有导入人员。') }}
        {...(editable
          ? {
              selection: { selected: chosen, select: (_, members) => select(members) },
              toolbar: <RemoveMembers key={chosen.join()} roster={roster} chosen={{ version: Math.min(...selected.map(({ version }) => version)), members: selected }} done={() => select([])} />,
            }
          : {})}
      />
      {correcting && <CorrectMember key={correcting.entry} roster={roster} member={correcting} version={correcting.version} close={() => correct(null)} />}
    </>
  );
}
