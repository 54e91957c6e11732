/** One application: what it says, its papers, who is behind it, and the conclusion. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Form, Input, Radio, Tabs } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import { keys } from '../../api/queries';
import type { ContactInput, RegistrationView } from '../../api/schema.gen';
import { minute } from '../../format/dates';
import { useT } from '../../i18n';
import { SAVED, useGuard } from '../../kit/guard';
import { Ownership, useOwnTask } from '../../kit/ownership';
import { ProblemAlert, placeFaults } from '../../kit/problem';
import { useSend } from '../../kit/send';
import { Facts, Tag, Trail } from '../../kit/show';
import { Load } from '../../kit/states';
import { Papers, UnitFacts } from '../../kit/unit';
import { useVersioned } from '../../kit/versioned';
import { useMay } from '../../shell/access';
import { keptLines } from '../unit-registration/lines';

const OPEN = new Set(['submitted', 'in-review']);

export default function Review() {
  const { registration = '' } = useParams();
  const query = useQuery({
    queryKey: ['registration', registration],
    queryFn: () => answer(api.GET('/registrations/{registration}', { params: { path: { registration } } })),
  });
  return <Load query={query}>{(view) => <Loaded view={view} />}</Load>;
}

function Loaded({ view }: { view: RegistrationView }) {
  const t = useT();
  const may = useMay();
  const subject = { id: view.id, task: view.task, application_number: view.unit.code ?? '' };
  const works = may('work-registrations');
  const own = useOwnTask(subject, 'registration', works);
  const [contact, setContact] = useState<ContactInput | null>(null);
  const path = { registration: view.id };
  const look = useSend(() => answer(api.GET('/registrations/{registration}/contact', { params: { path } })), setContact);
  const images = useQuery({
    queryKey: ['registration', view.id, 'images', view.version],
    queryFn: () => answer(api.GET('/registrations/{registration}/images', { params: { path } })),
    staleTime: 240_000,
  });
  const trail = useQuery({
    queryKey: ['registration', view.id, 'trail', view.version],
    queryFn: () => answer(api.GET('/registrations/{registration}/trail', { params: { path, query: { limit: 100 } } })),
  });
  const open = OPEN.has(view.state);
  return (
    <>
      <h1>
        {view.unit.name} <span className="figures quiet">{view.unit.code}</span>
      </h1>
      {open && works ? (
        <Ownership subject={subject} level="registration" own={own} pool="/registration-review" />
      ) : (
        <Alert
          className="gap"
          type="info"
          showIcon
          title={t('申请{state}', { state: view.state_name })}
          action={
            view.state === 'rejected' &&
            may('manage-units') && (
              <Link to={`/unit-registration/${view.id}`}>
                <Button>{t('代单位更正')}</Button>
              </Link>
            )
          }
        />
      )}
      <div className="with-side">
        <div>
          <section className="panel">
            <UnitFacts unit={view.unit} />
            <Facts
              facts={[
                [t('归属代办处'), view.agency_name],
                [t('申请时间'), minute(view.created_at)],
                [t('来源'), view.on_behalf ? t('代单位注册') : t('单位自行注册')],
              ]}
            />
            <h2>{t('联系人')}</h2>
            <ProblemAlert error={look.error} />
            <Facts
              facts={[
                [t('姓名'), view.contact.name],
                [t('职务'), view.contact.position || '–'],
                [t('手机号码'), contact?.mobile ?? view.contact.mobile],
                ...(contact
                  ? ([
                      [t('电子邮箱'), contact.email ?? '–'],
                      [t('办公电话'), [contact.office_phone?.area_code, contact.office_phone?.number].filter(Boolean).join('-')],
                    ] as [string, string][])
                  : []),
              ]}
            />
            {may('unmask-numbers') && !contact && (
              <Button loading={look.pending} onClick={() => void look.run()}>
                {t('显示完整号码（记入轨迹）')}
              </Button>
            )}
          </section>
          <section className="panel">
            <Tabs
              items={[
                { key: 'papers', label: t('证件图片'), children: <Load query={images}>{(links) => <Papers images={links} />}</Load> },
                { key: 'trail', label: t('流程轨迹'), children: <Load query={trail}>{({ items }) => <Trail entries={items} />}</Load> },
              ]}
            />
          </section>
        </div>
        <aside className="panel side-form">
          {view.reviews.length > 0 && (
            <>
              <h2>{t('审核意见')}</h2>
              <ul className="plain">
                {view.reviews.map((review) => (
                  <li key={review.at}>
                    <Tag tone={review.approved ? 'good' : 'bad'}>{review.approved ? t('通过') : t('退回')}</Tag> {review.text}
                    <div className="quiet">
                      {review.by_name} · {minute(review.at)}
                    </div>
                  </li>
                ))}
              </ul>
            </>
          )}
          {open && own && <Conclude view={view} />}
        </aside>
      </div>
    </>
  );
}

interface Values {
  conclusion: 'approve' | 'reject';
  reason?: string;
}

function Conclude({ view }: { view: RegistrationView }) {
  const t = useT();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const [opened, setOpened] = useState(view);
  const [dirty, setDirty] = useState(false);
  const guard = useGuard(dirty);
  const conclusion = (Form.useWatch('conclusion', form) as Values['conclusion'] | undefined) ?? 'approve';
  const params = { path: { registration: view.id } };
  const command = useVersioned<RegistrationView, Values>({
    seen: opened,
    read: () => answer(api.GET('/registrations/{registration}', { params })),
    basis: (now) => keptLines(now, t),
    said: t('您打开本页之后，有人更正了这份申请。请比较后决定。'),
    over: ({ state, state_name }) => (OPEN.has(state) ? undefined : t('申请现在处于“{state}”，不能再提交结论。', { state: state_name })),
    send: async ({ conclusion: chosen, reason = '' }, header) => {
      try {
        await answer(api.POST('/registrations/{registration}/reviews', { params: { ...params, header }, body: { conclusion: chosen, reason } }));
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults, new Set(['reason']));
        throw error;
      }
    },
    refresh: () => Promise.all([queries.invalidateQueries({ queryKey: ['registration', view.id] }), queries.invalidateQueries({ queryKey: keys.tasks })]),
    taken: (now) => {
      setOpened(now);
      setDirty(false);
    },
    done: () => {
      message.success(t('审核结论已提交'));
      setDirty(false);
      void navigate('/registration-review', { state: SAVED });
    },
  });
  return (
    <>
      <h2>{t('审核结论')}</h2>
      <ProblemAlert error={command.error} faults={[]} />
      <Form form={form} layout="vertical" initialValues={{ conclusion: 'approve' }} onValuesChange={() => setDirty(true)} onFinish={(values) => void command.run(values)}>
        <Form.Item name="conclusion" label={t('结论')}>
          <Radio.Group
            className="stack"
            options={[
              { value: 'approve', label: t('通过，建立单位和经办人账号') },
              { value: 'reject', label: t('退回更正') },
            ]}
          />
        </Form.Item>
        <Form.Item
          name="reason"
          label={conclusion === 'approve' ? t('审核意见') : t('退回原因')}
          rules={[{ required: conclusion === 'reject', whitespace: conclusion === 'reject', message: t('请填写原因') }]}
        >
          <Input.TextArea rows={4} maxLength={200} showCount />
        </Form.Item>
        <Button type="primary" htmlType="submit" block danger={conclusion === 'reject'} loading={command.pending}>
          {t('提交结论')}
        </Button>
      </Form>
      {command.dialog}
      {guard}
    </>
  );
}
