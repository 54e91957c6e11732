/** 联系人 of a unit: add, edit, disable and enable, and who of them is the handler (经办人). */
import { PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Alert, App, Button, Form, Modal, Popconfirm, Space, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { answer, api } from '../api/client';
import { Refused } from '../api/problem';
import type { ContactInput, ManagedUnit, UnitContact } from '../api/schema.gen';
import { useT } from '../i18n';
import { useClosing } from './guard';
import { ProblemAlert, placeFaults } from './problem';
import { Plain, Tag } from './show';
import { Empty, Load } from './states';
import { CONTACT_FIELDS, ContactFields, partOf } from './unitFields';
import { useUnitCommand } from './unitCommand';
import type { Line } from './versioned';

const FIELDS = new Set(CONTACT_FIELDS);

/** What the form is open for: a new contact, or the account of one. */
type Subject = { account: string | null };

export function Contacts({ view, editable }: { view: ManagedUnit; editable: boolean }) {
  const t = useT();
  const [subject, setSubject] = useState<Subject | null>(null);
  const missing = !view.contacts.some(({ account }) => account === view.handler);
  const columns: TableColumnsType<UnitContact> = [
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
  ];
  if (editable) {
    columns.push({ title: t('操作'), key: 'actions', fixed: 'right', render: (_, contact) => <Actions view={view} contact={contact} edit={() => setSubject({ account: contact.account })} /> });
  }
  return (
    <>
      {editable && (
        <div className="toolbar">
          <Button icon={<PlusOutlined aria-hidden />} onClick={() => setSubject({ account: null })}>
            {t('新增联系人')}
          </Button>
        </div>
      )}
      {editable && missing && (
        <Alert
          className="gap"
          type="info"
          showIcon
          title={t('经办人还没有登记联系方式。')}
          action={
            <Button size="small" onClick={() => setSubject({ account: view.handler })}>
              {t('登记')}
            </Button>
          }
        />
      )}
      {view.contacts.length === 0 ? <Empty title={t('没有联系人')} /> : <Plain<UnitContact> dataSource={view.contacts} rowKey="account" columns={columns} />}
      {subject?.account === null && <ContactForm view={view} account={null} initial={{}} close={() => setSubject(null)} />}
      {subject && subject.account !== null && <Editing view={view} account={subject.account} close={() => setSubject(null)} />}
    </>
  );
}

/** What can change about a contact without a form. */
function linesOf(view: ManagedUnit, account: string, t: ReturnType<typeof useT>): Line[] {
  const contact = view.contacts.find((one) => one.account === account);
  return [
    { label: t('姓名'), value: contact?.name ?? '–' },
    { label: t('职务'), value: contact?.position || '–' },
    { label: t('手机号码'), value: contact?.mobile ?? '–' },
    { label: t('状态'), value: contact ? (contact.active ? t('有效') : t('停用')) : '–' },
    { label: t('经办人'), value: view.handler === account ? t('是') : t('否') },
  ];
}

function Actions({ view, contact, edit }: { view: ManagedUnit; contact: UnitContact; edit: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const path = { unit: view.id, account: contact.account };
  const done = () => void message.success(t('已保存'));
  const basis = (unit: ManagedUnit) => linesOf(unit, contact.account, t);
  const activate = useUnitCommand<boolean>({
    seen: view,
    basis,
    send: (active, header) => answer(api.PUT('/units/{unit}/contacts/{account}/active', { params: { path, header }, body: { active } })),
    done,
  });
  const appoint = useUnitCommand({
    seen: view,
    basis,
    send: (_: undefined, header) => answer(api.PUT('/units/{unit}/handler', { params: { path: { unit: view.id }, header }, body: { account: contact.account } })),
    done,
  });
  const busy = activate.pending || appoint.pending;
  return (
    <>
      <Space size={0}>
        <Button type="link" size="small" onClick={edit}>
          {t('修改')}
        </Button>
        {contact.active && !contact.handler && (
          <Popconfirm title={t('由{name}担任经办人？', { name: contact.name })} onConfirm={() => void appoint.run(undefined)}>
            <Button type="link" size="small" loading={appoint.pending} disabled={busy}>
              {t('设为经办人')}
            </Button>
          </Popconfirm>
        )}
        {!contact.handler &&
          (contact.active ? (
            <Popconfirm title={t('停用{name}？', { name: contact.name })} description={t('停用后不能再登录。')} onConfirm={() => void activate.run(false)}>
              <Button type="link" size="small" danger loading={activate.pending} disabled={busy}>
                {t('停用')}
              </Button>
            </Popconfirm>
          ) : (
            <Button type="link" size="small" loading={activate.pending} disabled={busy} onClick={() => void activate.run(true)}>
              {t('启用')}
            </Button>
          ))}
      </Space>
      <ProblemAlert error={activate.error ?? appoint.error} />
      {activate.dialog}
      {appoint.dialog}
    </>
  );
}

/** The contact in full is read first, which leaves an entry in the trail. */
function Editing({ view, account, close }: { view: ManagedUnit; account: string; close: () => void }) {
  const t = useT();
  const known = view.contacts.some((contact) => contact.account === account);
  const query = useQuery({
    queryKey: ['contact', view.id, account],
    queryFn: () => answer(api.GET('/units/{unit}/contacts/{account}', { params: { path: { unit: view.id, account } } })),
    enabled: known,
    refetchOnWindowFocus: false,
    staleTime: Infinity,
    gcTime: 0,
  });
  if (!known) return <ContactForm view={view} account={account} initial={{}} close={close} />;
  if (query.data) return <ContactForm view={view} account={account} initial={query.data} close={close} />;
  return (
    <Modal open title={t('修改联系人')} footer={<Button onClick={close}>{t('关闭')}</Button>} onCancel={close}>
      <Load query={query}>{() => null}</Load>
    </Modal>
  );
}

interface FormProps {
  view: ManagedUnit;
  /** None for a new one. */
  account: string | null;
  initial: ContactInput;
  close: () => void;
}

export function ContactForm({ view, account, initial, close }: FormProps) {
  const t = useT();
  const { message } = App.useApp();
  const [form] = Form.useForm<ContactInput>();
  const closing = useClosing();
  const [opened, setOpened] = useState(view);
  const command = useUnitCommand<ContactInput>({
    seen: opened,
    // A new contact does not depend on what the others are.
    basis: (unit) => (account ? linesOf(unit, account, t).slice(0, 3) : []),
    mine: ({ name = '', position = '', mobile = '' }) =>
      account
        ? [
            { label: t('姓名'), value: name },
            { label: t('职务'), value: position || '–' },
            { label: t('手机号码'), value: mobile },
          ]
        : [],
    taken: (theirs) => {
      setOpened(theirs);
      close();
    },
    send: async (body, header) => {
      try {
        return account
          ? await answer(api.PUT('/units/{unit}/contacts/{account}', { params: { path: { unit: view.id, account }, header }, body }))
          : await answer(api.POST('/units/{unit}/contacts', { params: { path: { unit: view.id }, header }, body }));
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults.map((fault) => ({ ...fault, pointer: partOf(fault.pointer) })), FIELDS);
        throw error;
      }
    },
    done: () => {
      message.success(account ? t('已保存') : t('已新增，用户名和设置密码的链接已发送到其手机'));
      close();
    },
  });
  return (
    <Modal
      open
      width={720}
      title={account ? t('修改联系人') : t('新增联系人')}
      okText={t('保存')}
      okButtonProps={{ loading: command.pending }}
      onOk={() => form.submit()}
      onCancel={() => closing.leave(close)}
      mask={{ closable: false }}
    >
      <ProblemAlert error={command.error} faults={[]} />
      <Form form={form} name="contact" layout="vertical" initialValues={initial} onValuesChange={() => closing.touched(true)} onFinish={(values) => void command.run(values)}>
        <ContactFields at={[]} {...(account ? {} : { mobileHint: '用户名和设置密码的链接发送到此手机' as const })} />
      </Form>
      {command.dialog}
    </Modal>
  );
}
