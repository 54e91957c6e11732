/** 设立补贴或赠险: for whom, how much, who bears it, and when. */
import { useQueryClient } from '@tanstack/react-query';
import { App, DatePicker, Form, Input, InputNumber, Modal, Radio, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import { reliefs as reliefsQuery } from '../../api/reference';
import type { PlanRow, ReliefInput, ReliefsView } from '../../api/schema.gen';
import { today } from '../../format/dates';
import { useT } from '../../i18n';
import { useClosing } from '../../kit/guard';
import { MoneyInput } from '../../kit/MoneyInput';
import { FUNDS } from '../../kit/enrolment';
import { ProblemAlert, placeFaults } from '../../kit/problem';
import { useVersioned } from '../../kit/versioned';
import { ReliefEffect } from './Effect';
import { RULES, basisPoints, reliefLines } from './lines';

interface Values {
  kind: 'subsidy' | 'gifted-cover';
  plan_code: string;
  type: keyof typeof RULES;
  amount_fen?: number;
  percent?: string;
  shares?: number;
  title?: string;
  tax_number?: string;
  fund_source?: string;
  from: Dayjs;
  until?: Dayjs | null;
}

const FIELDS = new Set(['plan_code', 'amount_fen', 'percent', 'shares', 'title', 'tax_number', 'fund_source', 'from', 'until']);
const PLACES: Record<string, string> = { '/rule/amount_fen': '/amount_fen', '/rule/basis_points': '/percent', '/rule/shares': '/shares', '/bearer/title': '/title', '/bearer/tax_number': '/tax_number', '/bearer/fund_source': '/fund_source' };

/** The form as it is sent. */
export function reliefOf({ kind, plan_code, type, amount_fen = 0, percent = '', shares = 0, title = '', tax_number = '', fund_source = '', from, until }: Values): ReliefInput {
  const rule: ReliefInput['rule'] = type === 'fixed-per-member' ? { type, amount_fen } : type === 'percentage' ? { type, basis_points: basisPoints(percent) ?? 0 } : { type, shares };
  const bearer: ReliefInput['bearer'] = kind === 'subsidy' ? { kind, title: title.trim(), tax_number: tax_number.trim(), fund_source } : { kind };
  return { plan_code, rule, bearer, from: from.format('YYYY-MM-DD'), ...(until ? { until: until.format('YYYY-MM-DD') } : {}) };
}

/** The same while it is being filled in; null until it can be sent. */
export function completeRelief(values: Partial<Values> | undefined): ReliefInput | null {
  const { kind, plan_code, type, amount_fen, percent = '', shares, title = '', from, until } = values ?? {};
  if (!kind || !plan_code || !type || !from || (until && until.isBefore(from, 'day'))) return null;
  const figure = { 'fixed-per-member': amount_fen, percentage: basisPoints(percent), 'first-shares': shares }[type];
  if (!figure || (kind === 'subsidy' && title.trim() === '')) return null;
  return reliefOf({ ...values, kind, plan_code, type, from });
}

export function Grant({ view, variants, refresh, close }: { view: ReliefsView; variants: PlanRow[]; refresh: () => Promise<unknown>; close: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { touched, leave } = useClosing();
  const [form] = Form.useForm<Values>();
  const kind = (Form.useWatch('kind', form) as Values['kind'] | undefined) ?? 'subsidy';
  const type = (Form.useWatch('type', form) as Values['type'] | undefined) ?? 'fixed-per-member';
  const filled = completeRelief(Form.useWatch([], form));
  const command = useVersioned<ReliefsView, Values>({
    seen: view,
    read: () => queries.query({ ...reliefsQuery(view.office), staleTime: 0 }),
    basis: (now) => reliefLines(now.reliefs, variants, t),
    said: t('您打开本页之后，有人更新了补贴和赠险。请比较后决定。'),
    send: async (values, header) => {
      try {
        return await answer(api.POST('/offices/{office}/reliefs', { params: { path: { office: view.office }, header }, body: reliefOf(values) }));
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults.map((fault) => ({ ...fault, pointer: PLACES[fault.pointer] ?? fault.pointer })), FIELDS);
        throw error;
      }
    },
    refresh,
    taken: close,
    done: () => {
      message.success(t('已保存'));
      close();
    },
  });
  const earliest = dayjs(today());
  return (
    <Modal open width={840} title={`${t('设立补贴或赠险')} · ${view.office_name}`} okText={t('保存')} okButtonProps={{ loading: command.pending }} onOk={() => form.submit()} onCancel={() => leave(close)}>
      <ProblemAlert error={command.error} faults={[]} />
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={{ kind: 'subsidy', type: 'fixed-per-member', fund_source: 'union-funds', shares: 1, from: earliest }}
        onValuesChange={() => touched(true)}
        onFinish={(values) => void command.run(values)}
        scrollToFirstError={{ focus: true }}
      >
        <Form.Item name="kind" label={t('类别')}>
          <Radio.Group
            options={[
              { value: 'subsidy', label: t('补贴：由他人承担会费') },
              { value: 'gifted-cover', label: t('赠险：免收会费') },
            ]}
          />
        </Form.Item>
        <Form.Item name="plan_code" label={t('保障活动细类')} rules={[{ required: true, message: t('请选择{what}', { what: t('保障活动细类') }) }]}>
          <Select showSearch={{ optionFilterProp: 'label' }} placeholder={t('请选择')} options={variants.map(({ code, variant }) => ({ value: code, label: variant }))} />
        </Form.Item>
        <div className="two">
          <Form.Item name="type" label={t('计算方式')}>
            <Select options={Object.entries(RULES).map(([value, key]) => ({ value, label: t(key) }))} />
          </Form.Item>
          {type === 'fixed-per-member' && (
            <Form.Item name="amount_fen" label={t('每人金额（元）')} rules={[{ required: true, type: 'number', min: 1, message: t('请填写金额') }]}>
              <MoneyInput />
            </Form.Item>
          )}
          {type === 'percentage' && (
            <Form.Item
              name="percent"
              label={t('比例')}
              rules={[{ required: true, validator: (_, typed: string | undefined) => (basisPoints(typed ?? '') === undefined ? Promise.reject(new Error(t('比例应大于0，不超过100，最多两位小数'))) : Promise.resolve()) }]}
            >
              <Input suffix="%" inputMode="decimal" autoComplete="off" maxLength={6} />
            </Form.Item>
          )}
          {type === 'first-shares' && (
            <Form.Item name="shares" label={t('份数')} rules={[{ required: true, message: t('请填写{what}', { what: t('份数') }) }]}>
              <InputNumber min={1} max={99} precision={0} suffix={t('份')} style={{ width: '100%' }} />
            </Form.Item>
          )}
        </div>
        {kind === 'subsidy' && (
          <>
            <Form.Item name="title" label={t('补贴单位')} rules={[{ required: true, whitespace: true, message: t('请填写{what}', { what: t('补贴单位') }) }]}>
              <Input autoComplete="off" maxLength={100} />
            </Form.Item>
            <div className="two">
              <Form.Item name="fund_source" label={t('会费来源')}>
                <Select options={Object.entries(FUNDS).map(([value, key]) => ({ value, label: t(key) }))} />
              </Form.Item>
              <Form.Item name="tax_number" label={t('税号')} extra={t('可不填')}>
                <Input autoComplete="off" maxLength={20} />
              </Form.Item>
            </div>
          </>
        )}
        <div className="two">
          <Form.Item name="from" label={t('自')} rules={[{ required: true, message: t('请选择{what}', { what: t('开始日期') }) }]}>
            <DatePicker style={{ width: '100%' }} disabledDate={(day: Dayjs) => day.isBefore(earliest, 'day')} />
          </Form.Item>
          <Form.Item
            name="until"
            label={t('至')}
            extra={t('不填则不限')}
            dependencies={['from']}
            rules={[
              {
                validator: (_, until: Dayjs | null | undefined) => {
                  const from = form.getFieldValue('from') as Dayjs | null | undefined;
                  return until && from && until.isBefore(from, 'day') ? Promise.reject(new Error(t('截止日期不能早于开始日期'))) : Promise.resolve();
                },
              },
            ]}
          >
            <DatePicker style={{ width: '100%' }} disabledDate={(day: Dayjs) => day.isBefore(earliest, 'day')} />
          </Form.Item>
        </div>
        <p className="quiet">{t('在期限内完成录入的参保单自动享受；已完成录入的不受影响。设立后不能修改，只能终止。')}</p>
      </Form>
      <ReliefEffect office={view.office} input={filled && { grant: filled }} />
      {command.dialog}
    </Modal>
  );
}
