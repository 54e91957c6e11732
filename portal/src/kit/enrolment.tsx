/** What several pages show of an enrolment: base data, plans, attachments, self-check, distribution, earlier ones, receipts. */
import { FilePdfOutlined, PaperClipOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Image, type TableColumnsType } from 'antd';
import { answer, api } from '../api/client';
import { files as filesQuery, plans as plansQuery, trail as trailQuery } from '../api/queries';
import type { AttachmentView, EnrolmentView, PlanView, ReceiptView, TrailView, components } from '../api/schema.gen';
import { day, minute, period } from '../format/dates';
import { useT, type Key } from '../i18n';
import { Listing } from './listing';
import { Plain, Bars, Facts, Money, StateTag, Tag, Trail, countColumn, moneyColumn } from './show';
import { isPicture } from './picture';
import { Empty, Load } from './states';
import { Viewer } from './viewer';

export function BaseFacts({ enrolment: e }: { enrolment: EnrolmentView }) {
  const t = useT();
  return (
    <Facts
      facts={[
        [t('申请书号'), e.application_number],
        [t('单位名称'), e.unit_name],
        [t('状态'), <StateTag key="state" state={e.state} name={e.state_name} />],
        [t('录入日期'), day(e.created_at)],
        [t('职工人数'), e.staff],
        [t('女职工人数'), e.female_staff],
        [t('是否新业态'), e.new_employment_form ? t('是') : t('否')],
        [t('总会费（元）'), <Money key="contribution" fen={e.contribution_fen} />],
        [t('应付（元）'), <Money key="due" fen={e.amount_due_fen} strong />],
        ...(e.designated_start ? [[t('指定生效日期'), e.designated_start] as [string, string]] : []),
        ...(e.certificate ? [[t('确认书号码'), e.certificate.number] as [string, string]] : []),
        ...(e.remark ? [[t('备注'), e.remark] as [string, string]] : []),
      ]}
    />
  );
}

export function planColumns(t: ReturnType<typeof useT>): TableColumnsType<PlanView> {
  return [
    { title: t('保障活动'), dataIndex: 'name', render: (name: string) => <div className="brief">{name}</div> },
    { title: t('细类'), dataIndex: 'variant', render: (variant: string) => <div className="brief">{variant}</div> },
    moneyColumn(t('会费标准（元）'), (plan) => plan.fee_fen),
    countColumn(t('份数'), (plan) => plan.shares),
    countColumn(t('参保人数'), (plan) => plan.participants),
    { title: t('参保率'), align: 'right', render: (_, plan) => (plan.participation_percent == null ? '–' : `${plan.participation_percent}%`) },
    countColumn(t('高危职业人数'), (plan) => plan.high_risk),
    countColumn(t('超龄人数'), (plan) => plan.over_age),
    countColumn(t('未到期参保人数'), (plan) => plan.unexpired),
    // What is decided on stays in sight however narrow the screen is.
    { ...moneyColumn<PlanView>(t('会费（元）'), (plan) => plan.contribution_fen), fixed: 'right' },
  ];
}

export function PlanTable({ enrolment }: { enrolment: EnrolmentView }) {
  const t = useT();
  const columns = planColumns(t);
  if (enrolment.plans.some((plan) => plan.period)) {
    columns.splice(-1, 0, { title: t('保障期间'), render: (_, plan) => (plan.period ? period(plan.period) : '–') });
  }
  return <Plain<PlanView> dataSource={enrolment.plans} rowKey="code" columns={columns} />;
}

/** Attachments with thumbnails; pictures open in the viewer, anything else on a page of its own. */
export function Attachments({ enrolment, remove }: { enrolment: EnrolmentView; remove?: (attachment: AttachmentView) => React.ReactNode }) {
  const t = useT();
  const version = enrolment.attachments.map(({ upload }) => upload).join();
  const files = useQuery({ ...filesQuery(enrolment.id, version), enabled: enrolment.attachments.length > 0 });
  if (enrolment.attachments.length === 0) return <Empty title={t('没有附件')} />;
  const pictures = enrolment.attachments.filter(({ content_type: type }) => isPicture({ type }));
  const link = (kind: string, of: string) => files.data?.find((file) => file.kind === kind && file.of === of)?.url;
  return (
    <Viewer names={pictures.map(({ file_name }) => file_name)}>
      <ul className="thumbnails">
        {enrolment.attachments.map((attachment) => {
          const [thumbnail, url] = [link('thumbnail', attachment.upload), link('attachment', attachment.upload)];
          return (
            <li key={attachment.upload}>
              {thumbnail && url && pictures.includes(attachment) ? (
                <>
                  <span className="thumbnail">
                    <Image src={thumbnail} preview={{ src: url }} alt={attachment.file_name} />
                  </span>
                  <span className="thumbnail-name">{attachment.file_name}</span>
                </>
              ) : (
                <a href={url} target="_blank" rel="noreferrer">
                  <span className="thumbnail">
                    {thumbnail ? <img src={thumbnail} alt="" loading="lazy" /> : attachment.content_type === 'application/pdf' ? <FilePdfOutlined aria-hidden /> : <PaperClipOutlined aria-hidden />}
                  </span>
                  <span className="thumbnail-name">{attachment.file_name}</span>
                </a>
              )}
              <span className="quiet">
                {attachment.kind === 'over-age-proof' ? t('超龄证明') : t('附件')} · {t('{count}页', { count: attachment.pages })}
              </span>
              {remove?.(attachment)}
            </li>
          );
        })}
      </ul>
    </Viewer>
  );
}

export function SelfCheck({ enrolment }: { enrolment: EnrolmentView }) {
  const t = useT();
  const offers = useQuery(plansQuery);
  const check = enrolment.self_check;
  if (!check) return <Empty title={t('尚未自核')} hint={t('录入完成时自动进行。')} />;
  const name = (code: string | null | undefined) => (code ? (offers.data?.find((plan) => plan.code === code)?.variant ?? enrolment.plans.find((plan) => plan.code === code)?.variant ?? code) : t('单位'));
  return (
    <Plain
      dataSource={check.findings.map((finding, i) => ({ ...finding, key: i }))}
      caption={<span className="quiet">{t('规则版本：{version}', { version: check.version })}</span>}
      columns={[
        { title: t('结果'), dataIndex: 'passed', render: (passed: boolean) => <Tag tone={passed ? 'good' : 'money'}>{passed ? t('通过') : t('注意')}</Tag> },
        { title: t('规则'), dataIndex: 'rule_name' },
        { title: t('对象'), dataIndex: 'plan', render: name },
        { title: t('说明'), dataIndex: 'text' },
        { title: t('人员'), dataIndex: 'member', render: (member: string | null | undefined) => member ?? '–' },
      ]}
    />
  );
}

/** 参保人信息分布, plan by plan. */
export function Distribution({ enrolment }: { enrolment: EnrolmentView }) {
  const t = useT();
  const shown = enrolment.plans.filter((plan) => plan.distribution);
  if (shown.length === 0) return <Empty title={t('没有人员清单')} hint={t('无名单参保，或还没有导入人员。')} />;
  const unit = t('人');
  return shown.map((plan) => {
    const d = plan.distribution;
    if (!d) return null;
    return (
      <section key={plan.code} className="distribution">
        <h3>
          {plan.variant} <span className="quiet">{t('共{count}人', { count: d.members })}</span>
        </h3>
        <div className="charts">
          <Bars title={t('性别')} unit={unit} bars={[{ label: t('男'), value: d.male }, { label: t('女'), value: d.female }]} />
          <Bars title={t('职业')} unit={unit} bars={[{ label: t('一般职业'), value: d.ordinary }, { label: t('高危职业'), value: d.high_risk }]} />
          <Bars
            title={t('年龄')}
            unit={unit}
            bars={d.age_bands.map((band) => ({
              label: band.to == null ? t('{from}岁以上', { from: band.from }) : band.from === 0 ? t('{to}岁以下', { to: band.to + 1 }) : t('{from}–{to}岁', { from: band.from, to: band.to }),
              value: band.members,
            }))}
          />
        </div>
      </section>
    );
  });
}

type EarlierRow = components['schemas']['Listing_EarlierView']['items'][number];

/** 既往参保信息 */
export function Earlier({ enrolment }: { enrolment: EnrolmentView }) {
  const t = useT();
  return (
    <Listing<EarlierRow>
      caption={t('既往参保信息')}
      name={['enrolment', enrolment.id, 'earlier']}
      filters={{}}
      read={(query) => answer(api.GET('/enrolments/{enrolment}/earlier', { params: { path: { enrolment: enrolment.id }, query } }))}
      rowKey="id"
      empty={{ title: t('没有既往参保') }}
      columns={[
        { title: t('申请书号'), dataIndex: 'application_number' },
        { title: t('录入日期'), dataIndex: 'created_at', render: day },
        { title: t('保障活动'), dataIndex: 'plans', render: (plans: string[]) => plans.join('、') },
        countColumn(t('参保人数'), (row) => row.participants),
        moneyColumn(t('总会费（元）'), (row) => row.contribution_fen),
        { title: t('保障期间'), render: (_, row) => (row.period ? period(row.period) : '–') },
        { title: t('状态'), render: (_, row) => <StateTag state={row.state} name={row.state_name} /> },
      ]}
    />
  );
}

/** What was done again and again without a break, as one entry: who reads a long list leaves one for every page of it. */
export function folded(entries: TrailView[], times: (count: number) => string): TrailView[] {
  const groups: { entry: TrailView; count: number }[] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    if (last?.entry.action === entry.action && last.entry.actor_name === entry.actor_name && last.entry.note === entry.note && entry.from === entry.to) last.count += 1;
    else groups.push({ entry, count: 1 });
  }
  return groups.map(({ entry, count }) => (count > 1 ? { ...entry, note: `${entry.note} ${times(count)}`.trim() } : entry));
}

export function EnrolmentTrail({ id }: { id: string }) {
  const t = useT();
  const query = useQuery(trailQuery(id));
  return <Load query={query}>{(entries) => <Trail entries={folded(entries, (count) => t('共{count}次', { count }))} />}</Load>;
}

export const FUNDS = { 'union-funds': '工会经费', 'administrative-funds': '行政经费', 'self-paid': '会员自付' } as const satisfies Record<string, Key>;
export const CHANNELS = {
  transfer: '转账',
  cheque: '支票',
  'reverse-cheque': '支票倒存',
  'wire-transfer': '电汇',
  'treasury-payment': '国库支付',
} as const satisfies Record<string, Key>;

export function named(names: Record<string, Key>, value: string, t: ReturnType<typeof useT>): string {
  const key = names[value];
  return key ? t(key) : value;
}

export function receiptTotal(receipt: ReceiptView): number {
  return receipt.amount_fen ?? receipt.request.items.reduce((sum, item) => sum + item.persons * item.price_fen, 0);
}

/** Whether a receipt is out, was voided, or stands in for a voided one. */
function ReceiptState({ receipt }: { receipt: ReceiptView }) {
  const t = useT();
  const { voided, issued, replaces } = receipt;
  return (
    <>
      {voided ? <Tag tone="bad">{t('已作废')}</Tag> : <Tag tone={issued ? 'good' : 'review'}>{issued ? t('已开具') : t('待开具')}</Tag>} {replaces && <Tag tone="money">{t('重开')}</Tag>}
      {voided && (
        <div className="quiet brief">
          {voided.reason}
          {voided.by_name && ` · ${voided.by_name}`} · <time dateTime={voided.at}>{minute(voided.at)}</time>
        </div>
      )}
    </>
  );
}

export function receiptColumns(t: ReturnType<typeof useT>): TableColumnsType<ReceiptView> {
  return [
    { title: t('批次号'), dataIndex: 'batch_number', className: 'figures' },
    { title: t('状态'), render: (_, row) => <ReceiptState receipt={row} /> },
    { title: t('会费来源'), render: (_, row) => named(FUNDS, row.request.fund_source, t) },
    { title: t('抬头'), render: (_, row) => row.request.payer_title },
    moneyColumn(t('金额（元）'), receiptTotal),
    { title: t('票据号码'), className: 'figures', render: (_, row) => row.receipt_number ?? '–' },
    { title: t('税号'), className: 'figures', render: (_, row) => row.request.tax_number || '–' },
    { title: t('缴费渠道'), render: (_, row) => named(CHANNELS, row.request.channel, t) },
    { title: t('电子邮箱'), render: (_, row) => row.request.payer_email },
    { title: t('发送时间'), render: (_, row) => row.mail_problem ?? (row.mailed_at ? minute(row.mailed_at) : '–') },
  ];
}
