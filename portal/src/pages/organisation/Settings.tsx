/** 办事处设置: read and replaced as a whole; whoever changed another line meanwhile is not undone unseen. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, InputNumber, Select, Switch } from 'antd';
import { useState } from 'react';
import { administration } from '../../api/administration';
import { api, numbered } from '../../api/client';
import { Refused } from '../../api/problem';
import type { NodeView, SettingsView } from '../../api/schema.gen';
import { useT, type Key } from '../../i18n';
import { LEVELS } from '../../kit/dispatch';
import { MoneyInput } from '../../kit/MoneyInput';
import { useGuard } from '../../kit/guard';
import { ProblemAlert, placeFaults } from '../../kit/problem';
import { Facts } from '../../kit/show';
import { Load } from '../../kit/states';
import { useVersioned } from '../../kit/versioned';
import { useMay } from '../../shell/access';
import { FINAL_REVIEW, ROUNDING, settingLines } from './lines';

/** Settings with their version, which is the node's. */
type Seen = SettingsView & { version: number };

async function read(node: string): Promise<Seen> {
  const { body, version } = await numbered(api.GET('/nodes/{node}/settings', { params: { path: { node } } }));
  return { ...body, version };
}

export function Settings({ node }: { node: NodeView }) {
  const t = useT();
  const may = useMay();
  const query = useQuery({ queryKey: [...administration.node(node.id), 'settings'], queryFn: () => read(node.id) });
  return (
    <Load query={query}>
      {(seen) => (may('manage-organisation') ? <SettingsForm node={node} seen={seen} /> : <Facts facts={settingLines(seen, t).map(({ label, value }) => [label, value])} columns={2} />)}
    </Load>
  );
}

const FIELDS = new Set([
  ...['settlement_day', 'renewal_grace_days', 'telephone', 'address', 'review_target_working_days', 'final_enrolment_review'],
  ...['final_claim_review_threshold_fen', 'min_staff_for_ratio', 'rounding', 'mask_certificate_ids', 'phone_required'],
  ...LEVELS.map(({ level }) => `level_targets.${level}`),
  ...['name', 'bank', 'account_number', 'branch_code'].map((name) => `collection_account.${name}`),
]);

/** What the form holds; amounts may be unreadable while they are typed. */
type Values = Omit<SettingsView, 'final_claim_review_threshold_fen' | 'level_targets'> & { final_claim_review_threshold_fen?: number; level_targets?: Record<string, number | null> };

/** Only levels that have a target of their own: a field that was emptied is none. */
function ownTargets(targets: Record<string, number | null> | undefined): Record<string, number> {
  return Object.fromEntries(Object.entries(targets ?? {}).flatMap(([level, days]) => (days == null ? [] : [[level, days]])));
}

function SettingsForm({ node, seen }: { node: NodeView; seen: Seen }) {
  const t = useT();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<Values>();
  const [opened, setOpened] = useState(seen);
  const [dirty, setDirty] = useState(false);
  const guard = useGuard(dirty);
  const settings = (values: Values): SettingsView => ({ ...values, level_targets: ownTargets(values.level_targets), final_claim_review_threshold_fen: values.final_claim_review_threshold_fen ?? 0, min_staff_for_ratio: values.min_staff_for_ratio ?? null });
  const restart = (theirs: Seen) => {
    setOpened(theirs);
    form.setFieldsValue(theirs);
    setDirty(false);
  };
  const command = useVersioned<Seen, SettingsView>({
    seen: opened,
    read: () => read(node.id),
    basis: (body) => settingLines(body, t),
    mine: (values) => settingLines(values, t),
    said: t('您打开本页之后，有人更新了设置。请比较后决定。'),
    send: async (body, header) => {
      try {
        const { version } = await numbered(api.PUT('/nodes/{node}/settings', { params: { path: { node: node.id }, header }, body }));
        restart({ ...body, version });
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults, FIELDS);
        throw error;
      }
    },
    refresh: () => Promise.all([queries.invalidateQueries({ queryKey: administration.node(node.id) }), queries.invalidateQueries({ queryKey: administration.nodes })]),
    taken: restart,
    done: () => message.success(t('已保存')),
  });
  const required = (label: Key) => [{ required: true, message: t('请填写{what}', { what: t(label) }) }];
  const text = (name: string | string[], label: Key, rules: { pattern: RegExp; message: string }[] = []) => (
    <Form.Item name={name} label={t(label)} rules={[{ required: true, whitespace: true, message: t('请填写{what}', { what: t(label) }) }, ...rules]}>
      <Input autoComplete="off" maxLength={100} />
    </Form.Item>
  );
  const number = (name: string, label: Key, min: number, max: number, unit: Key, hint?: Key) => (
    <Form.Item name={name} label={t(label)} rules={required(label)} {...(hint ? { extra: t(hint) } : {})}>
      <InputNumber min={min} max={max} precision={0} suffix={t(unit)} style={{ width: '100%' }} />
    </Form.Item>
  );
  const choice = (name: string, label: Key, names: Record<string, Key>) => (
    <Form.Item name={name} label={t(label)}>
      <Select options={Object.entries(names).map(([value, key]) => ({ value, label: t(key) }))} />
    </Form.Item>
  );
  return (
    <>
      <ProblemAlert error={command.error} />
      <Form form={form} layout="vertical" initialValues={opened} onValuesChange={() => setDirty(true)} onFinish={(values) => void command.run(settings(values))} scrollToFirstError={{ focus: true }}>
        <h3>{t('审核')}</h3>
        <div className="pairs">
          {choice('final_enrolment_review', '参保终审', FINAL_REVIEW)}
          {number('review_target_working_days', '审核时限', 1, 60, '个工作日', '超过时限的任务标为超时')}
        </div>
        <fieldset className="benefit">
          <legend>{t('各环节时限（不填则同审核时限）')}</legend>
          <div className="triples">
            {LEVELS.map(({ level, name }) => (
              <Form.Item key={level} name={['level_targets', level]} label={t(name)}>
                <InputNumber min={1} max={60} precision={0} suffix={t('个工作日')} style={{ width: '100%' }} />
              </Form.Item>
            ))}
          </div>
        </fieldset>
        <div className="pairs">
          <Form.Item name="min_staff_for_ratio" label={t('全员参保的人数下限')} extra={t('职工少于此数的单位须全员参保；不填则按各活动的规定')}>
            <InputNumber min={0} max={10_000} precision={0} suffix={t('人')} style={{ width: '100%' }} />
          </Form.Item>
          <Form.Item name="phone_required" label={t('名单必填手机号码')} valuePropName="checked">
            <Switch checkedChildren={t('是')} unCheckedChildren={t('否')} />
          </Form.Item>
        </div>
        <h3>{t('结算和续保')}</h3>
        <div className="pairs">
          {number('settlement_day', '结算日', 1, 31, '日', '此日之后到账的，次月1日开具票据')}
          {number('renewal_grace_days', '续保宽限期', 0, 365, '天', '宽限期内续保的，保障连续计算')}
        </div>
        <h3>{t('收款账户')}</h3>
        <div className="pairs">
          {text(['collection_account', 'name'], '户名')}
          {text(['collection_account', 'bank'], '开户行')}
          {text(['collection_account', 'account_number'], '账号', [{ pattern: /^\d{8,32}$/, message: t('银行账号应为8至32位数字') }])}
          {text(['collection_account', 'branch_code'], '联行号', [{ pattern: /^\d{12}$/, message: t('联行号应为12位数字') }])}
        </div>
        <h3>{t('联系方式')}</h3>
        <div className="pairs">
          {text('telephone', '联系电话')}
          {text('address', '通讯地址')}
        </div>
        <h3>{t('确认书和申领')}</h3>
        <div className="pairs">
          <Form.Item name="mask_certificate_ids" label={t('确认书隐藏证件号码')} valuePropName="checked">
            <Switch checkedChildren={t('是')} unCheckedChildren={t('否')} />
          </Form.Item>
          <Form.Item name="final_claim_review_threshold_fen" label={t('申领终审金额（元）')} extra={t('互助金达到此数的申领须终审')} rules={[{ required: true, type: 'number', message: t('请填写金额') }]}>
            <MoneyInput />
          </Form.Item>
          {choice('rounding', '申领金额取整', ROUNDING)}
        </div>
        <div className="form-foot">
          <Button disabled={!dirty} onClick={() => restart(opened)}>
            {t('撤消修改')}
          </Button>
          <Button type="primary" htmlType="submit" disabled={!dirty} loading={command.pending}>
            {t('保存')}
          </Button>
        </div>
      </Form>
      {command.dialog}
      {guard}
    </>
  );
}
