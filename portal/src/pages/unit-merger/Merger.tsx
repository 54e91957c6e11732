/** What a merger would do, and the merger. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Checkbox, Form } from 'antd';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { answer, api } from '../../api/client';
import { keys } from '../../api/queries';
import type { MergerParty, MergerPreview, MovedCount } from '../../api/schema.gen';
import { useT, type Translate } from '../../i18n';
import { useGuard } from '../../kit/guard';
import { ProblemAlert } from '../../kit/problem';
import { Facts, Plain, StateTag, countColumn } from '../../kit/show';
import { Load } from '../../kit/states';
import { useVersioned, type Line } from '../../kit/versioned';

interface Pair {
  unit: string;
  survivor: string;
}

const mergerKey = ({ unit, survivor }: Pair) => ['merger', unit, survivor];
const readMerger = ({ unit, survivor }: Pair) => answer(api.GET('/units/{unit}/merger/{survivor}', { params: { path: { unit, survivor } } }));

export function Merger(pair: Pair) {
  // A link of a moment ago may lie: what is decided on is read anew.
  const query = useQuery({ queryKey: mergerKey(pair), queryFn: () => readMerger(pair), staleTime: 0, gcTime: 0 });
  return <Load query={query}>{(preview) => <Loaded pair={pair} preview={preview} />}</Load>;
}

const valid = (party: MergerParty) => party.contacts.filter(({ active }) => active);

/** What somebody who merges has looked at. */
function linesOf({ merged, survivor, enrolments }: MergerPreview, t: Translate): Line[] {
  const contacts = (party: MergerParty) =>
    valid(party)
      .map(({ name }) => name)
      .join('、') || '–';
  return [
    { label: t('被合并单位'), value: `${merged.name} ${merged.code}` },
    { label: t('存续单位'), value: `${survivor.name} ${survivor.code}` },
    { label: t('被合并单位的联系人'), value: contacts(merged) },
    { label: t('存续单位的联系人'), value: contacts(survivor) },
    { label: t('移交的参保单'), value: enrolments.map(({ state_name, count }) => `${state_name} ${count}`).join('、') || '–' },
  ];
}

interface Values {
  contacts: string[];
  sure: boolean;
}

function Loaded({ pair, preview }: { pair: Pair; preview: MergerPreview }) {
  const t = useT();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const [dirty, setDirty] = useState(false);
  const [done, setDone] = useState(false);
  const guard = useGuard(dirty && !done);
  useEffect(() => {
    // In an effect after the guard's: it has let go by then.
    if (done) void navigate(`/unit-query/${pair.survivor}`);
  }, [done, navigate, pair.survivor]);
  const { merged, survivor, enrolments, obstacles, at_least } = preview;
  const command = useVersioned<{ version: number; preview: MergerPreview }, Values>({
    seen: { version: merged.version, preview },
    read: async () => {
      const now = await readMerger(pair);
      return { version: now.merged.version, preview: now };
    },
    basis: (now) => linesOf(now.preview, t),
    said: t('您打开本页之后，有人更新了单位信息。请比较后决定。'),
    over: (now) => now.preview.obstacles[0]?.text,
    send: ({ contacts }, header) =>
      answer(api.POST('/units/{unit}/merger/{survivor}', { params: { path: pair, header }, body: { survivor_version: survivor.version, contacts } })),
    refresh: () => Promise.all([queries.invalidateQueries({ queryKey: mergerKey(pair) }), queries.invalidateQueries({ queryKey: keys.units }), queries.invalidateQueries({ queryKey: ['unit'] })]),
    taken: () => form.resetFields(),
    done: () => {
      message.success(t('已合并，参保单正在移交'));
      setDone(true);
    },
  });
  const blocked = obstacles.length > 0;
  const choices = valid(merged);
  return (
    <>
      {blocked && (
        <Alert
          className="gap"
          type="warning"
          showIcon
          title={t('现在还不能合并')}
          description={
            <ul className="plain">
              {obstacles.map(({ code, text }) => (
                <li key={code + text}>{text}</li>
              ))}
            </ul>
          }
        />
      )}
      <div className="halves">
        <Party title={t('被合并单位')} party={merged} />
        <Party title={t('存续单位')} party={survivor} />
      </div>
      <section className="panel">
        <h2>
          {t('移交的参保单')} {at_least && <span className="quiet">{t('至少')}</span>}
        </h2>
        {enrolments.length === 0 ? (
          <p className="quiet">{t('没有参保单')}</p>
        ) : (
          <Plain<MovedCount>
            dataSource={enrolments}
            rowKey="state"
            columns={[{ title: t('状态'), key: 'state', render: (_, row) => <StateTag state={row.state} name={row.state_name} /> }, countColumn<MovedCount>(t('件数'), ({ count }) => count)]}
          />
        )}
      </section>
      <section className="panel">
        <ProblemAlert error={command.error} />
        <Form form={form} layout="vertical" initialValues={{ contacts: [], sure: false }} onValuesChange={() => setDirty(true)} onFinish={(values) => void command.run(values)}>
          <Form.Item name="contacts" label={t('转到存续单位的联系人')} extra={choices.length === 0 ? t('没有可以转入的联系人。') : t('其余联系人的账号停用。')}>
            <Checkbox.Group disabled={blocked} options={choices.map(({ account, name, mobile }) => ({ value: account, label: `${name} ${mobile}` }))} />
          </Form.Item>
          <Form.Item
            name="sure"
            valuePropName="checked"
            rules={[{ validator: (_, sure: boolean) => (sure ? Promise.resolve() : Promise.reject(new Error(t('请先核对并勾选')))) }]}
          >
            <Checkbox disabled={blocked}>{t('我已核对两个单位，知道合并不能撤销')}</Checkbox>
          </Form.Item>
          <Button type="primary" danger htmlType="submit" disabled={blocked} loading={command.pending}>
            {t('合并')}
          </Button>
        </Form>
      </section>
      {command.dialog}
      {guard}
    </>
  );
}

function Party({ title, party }: { title: string; party: MergerParty }) {
  const t = useT();
  return (
    <section className="panel" aria-label={title}>
      <h2>{title}</h2>
      <Facts
        columns={2}
        facts={[
          [t('单位名称'), party.name],
          [t('统一社会信用代码'), party.code],
          [
            t('联系人'),
            valid(party)
              .map(({ name, handler }) => (handler ? `${name}（${t('经办人')}）` : name))
              .join('、') || '–',
          ],
        ]}
      />
    </section>
  );
}
