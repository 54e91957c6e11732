/** One unit: what is on record, its contacts, its papers, its trail; and how it stands. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Space, Switch, Tabs } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { answer, api } from '../../api/client';
import type { ManagedUnit, StandingInput } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { useGuard } from '../../kit/guard';
import { ProblemAlert } from '../../kit/problem';
import { useSend } from '../../kit/send';
import { Plain, Tag, Trail } from '../../kit/show';
import { Load } from '../../kit/states';
import { Papers, UnitFacts } from '../../kit/unit';
import { useMay } from '../../shell/access';

export default function Unit() {
  const { unit = '' } = useParams();
  const query = useQuery({ queryKey: ['unit', unit], queryFn: () => answer(api.GET('/units/{unit}', { params: { path: { unit } } })) });
  return <Load query={query}>{(view) => <Loaded view={view} />}</Load>;
}

function Loaded({ view }: { view: ManagedUnit }) {
  const t = useT();
  const may = useMay();
  const path = { unit: view.id };
  const images = useQuery({ queryKey: ['unit', view.id, 'images', view.version], queryFn: () => answer(api.GET('/units/{unit}/images', { params: { path } })), enabled: view.has_images, staleTime: 240_000 });
  const trail = useQuery({ queryKey: ['unit', view.id, 'trail', view.version], queryFn: () => answer(api.GET('/units/{unit}/trail', { params: { path, query: { limit: 100 } } })) });
  return (
    <>
      <h1>{view.facts.name}</h1>
      {view.merged_into && (
        <p>
          {t('已合并到')} <Link to={`/unit-query/${view.merged_into}`}>{view.merged_into}</Link>
        </p>
      )}
      <section className="panel">
        <UnitFacts unit={view.facts} />
        {may('manage-units') && <Standing key={view.version} view={view} />}
      </section>
      <section className="panel">
        <Tabs
          items={[
            {
              key: 'contacts',
              label: t('联系人'),
              children: (
                <Plain
                  dataSource={view.contacts}
                  rowKey="account"
                  columns={[
                    { title: t('姓名'), dataIndex: 'name' },
                    { title: t('职务'), dataIndex: 'position', render: (position: string) => position || '–' },
                    { title: t('手机号码'), dataIndex: 'mobile', className: 'figures' },
                    {
                      title: t('状态'),
                      key: 'state',
                      render: (_, contact) => (
                        <Space>
                          <Tag tone={contact.active ? 'good' : 'gone'}>{contact.active ? t('有效') : t('停用')}</Tag>
                          {contact.handler && <Tag tone="work">{t('经办人')}</Tag>}
                        </Space>
                      ),
                    },
                  ]}
                />
              ),
            },
            ...(view.has_images ? [{ key: 'papers', label: t('证件图片'), children: <Load query={images}>{(links) => <Papers images={links} />}</Load> }] : []),
            { key: 'trail', label: t('操作轨迹'), children: <Load query={trail}>{({ items }) => <Trail entries={items} />}</Load> },
          ]}
        />
      </section>
    </>
  );
}

/** Active, restricted, classified: switches that are sent together, with the version they were seen on. */
function Standing({ view }: { view: ManagedUnit }) {
  const t = useT();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [dirty, setDirty] = useState(false);
  const guard = useGuard(dirty);
  const send = useSend(
    (body: StandingInput, key) =>
      answer(api.PUT('/units/{unit}/standing', { params: { path: { unit: view.id }, header: { 'Idempotency-Key': key, 'If-Match': `"${view.version}"` } }, body })),
    async () => {
      message.success(t('已保存'));
      setDirty(false);
      await Promise.all([queries.invalidateQueries({ queryKey: ['unit', view.id] }), queries.invalidateQueries({ queryKey: ['units'] })]);
    },
  );
  const { active, restricted, classified } = view;
  return (
    <>
      <ProblemAlert error={send.error} />
      <Form layout="inline" initialValues={{ active, restricted, classified }} onValuesChange={() => setDirty(true)} onFinish={(values: StandingInput) => void send.run(values)}>
        <Form.Item name="active" label={t('启用')} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Form.Item name="restricted" label={t('限制参保')} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Form.Item name="classified" label={t('涉密单位')} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Button htmlType="submit" disabled={!dirty} loading={send.pending}>
          {t('保存')}
        </Button>
      </Form>
      {guard}
    </>
  );
}
