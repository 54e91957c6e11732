/** 人员修改: one member of a draft's roster. What is left open stays as it is, so numbers need not be known in full. */
import { App, Checkbox, Form, Input, InputNumber, Modal, Select } from 'antd';
import { useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { Refused } from '../api/problem';
import { keys } from '../api/queries';
import type { Fault, MemberCorrection } from '../api/schema.gen';
import { useT, type Translate } from '../i18n';
import { useState } from 'react';
import { useClosing } from './guard';
import { memberLines, occupationName, readAgain, type Member, type Roster, type Seen } from './member';
import { ProblemAlert, placeFaults } from './problem';
import { useVersioned, type Line } from './versioned';

/** What the form holds. */
export interface Corrected {
  name: string;
  id_number?: string;
  mobile?: string;
  no_mobile?: boolean;
  occupation: string;
  shares: number;
}

const FIELDS = new Set(['name', 'id_number', 'mobile', 'occupation', 'shares']);
const SHARES_MAX = 999;

/** What is to change: cells that were left as they were are not sent. */
export function changeOf(member: Member, { name, id_number, mobile, no_mobile, occupation, shares }: Corrected): Omit<MemberCorrection, 'plan' | 'entry'> {
  const typed = (text: string | undefined) => (text ?? '').trim();
  return {
    ...(name === member.name ? {} : { name }),
    ...(typed(id_number) === '' ? {} : { id_number: typed(id_number) }),
    ...(no_mobile ? { mobile: '' } : typed(mobile) === '' ? {} : { mobile: typed(mobile) }),
    ...(occupation === member.occupation ? {} : { occupation }),
    ...(shares === member.shares ? {} : { shares }),
  };
}

/** The cells as the form would have them. Numbers that are not typed stay whatever they are: it is said of those that somebody else corrected. */
function formLines({ name, id_number, mobile, no_mobile, occupation, shares }: Corrected, [seen, theirs = seen]: [Member, Member | undefined], t: Translate): Line[] {
  const typed = (text: string | undefined, before: string, now: string) => (text ?? '').trim() || (before === now ? now : t('不改'));
  return [
    { label: t('姓名'), value: name },
    { label: t('身份证号码'), value: typed(id_number, seen.id_number, theirs.id_number) },
    { label: t('手机号码'), value: no_mobile ? t('删除手机号码') : typed(mobile, seen.mobile ?? '–', theirs.mobile ?? '–') },
    { label: t('职业'), value: occupationName(occupation, t) },
    { label: t('份数'), value: t('{count}份', { count: shares }) },
  ];
}

interface Props {
  roster: Roster;
  /** As the list showed the member. */
  member: Member;
  /** Version of the enrolment the list was read at. */
  version: number;
  close: () => void;
}

export function CorrectMember({ roster, member, version, close }: Props) {
  const t = useT();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<Corrected>();
  const [faults, setFaults] = useState<Fault[]>([]);
  const [opened, setOpened] = useState<Seen>({ version, members: [member] });
  const { touched, leave } = useClosing();
  const { enrolment, plan } = roster;
  const [seen = member] = opened.members;
  const begun = ({ name, occupation, shares }: Member) => ({ name, id_number: '', mobile: '', no_mobile: false, occupation, shares });
  const command = useVersioned<Seen, Corrected>({
    seen: opened,
    read: () => readAgain(roster, [member]),
    basis: ({ members }) => memberLines(members[0], seen, t),
    mine: (values, { members }) => formLines(values, [seen, members[0]], t),
    said: t('您打开本页之后，有人更正了这名人员。请比较后决定；“不改”的号码保持现在的内容。'),
    over: ({ members }) => (members.length > 0 ? undefined : t('这名人员已被移出清单，不能再修改。')),
    send: async (values, header, now) => {
      setFaults([]);
      const body = { plan, entry: member.entry, ...changeOf(now.members[0] ?? seen, values) };
      try {
        return await answer(api.POST('/enrolments/{enrolment}/roster/corrections', { params: { path: { enrolment }, header }, body }));
      } catch (error) {
        if (error instanceof Refused) setFaults(placeFaults(form, error.faults, FIELDS));
        throw error;
      }
    },
    refresh: () => queries.invalidateQueries({ queryKey: keys.enrolment(enrolment) }),
    taken: (now) => {
      touched(false);
      const [theirs] = now.members;
      if (!theirs) {
        close();
        return;
      }
      setOpened(now);
      form.setFieldsValue(begun(theirs));
    },
    done: () => {
      message.success(t('已更正'));
      touched(false);
      close();
    },
  });
  const without = Form.useWatch('no_mobile', form);
  return (
    <Modal
      open
      title={t('修改人员：{name}', { name: seen.name })}
      okText={t('保存')}
      okButtonProps={{ loading: command.pending }}
      onOk={() => form.submit()}
      onCancel={() => leave(close)}
    >
      <ProblemAlert error={command.error} faults={faults} />
      <Form
        form={form}
        layout="vertical"
        initialValues={begun(member)}
        onValuesChange={() => touched(true)}
        onFinish={(values) => void command.run(values)}
      >
        <Form.Item name="name" label={t('姓名')} rules={[{ required: true, whitespace: true, message: t('请填写{what}', { what: t('姓名') }) }]}>
          <Input autoComplete="off" maxLength={50} autoFocus />
        </Form.Item>
        <Form.Item name="id_number" label={t('身份证号码')} extra={t('不填则不变')}>
          <Input autoComplete="off" maxLength={18} placeholder={seen.id_number} />
        </Form.Item>
        <Form.Item name="mobile" label={t('手机号码')} extra={t('不填则不变')}>
          <Input autoComplete="off" maxLength={11} placeholder={seen.mobile ?? ''} disabled={without === true} />
        </Form.Item>
        {seen.mobile && (
          <Form.Item name="no_mobile" valuePropName="checked">
            <Checkbox>{t('删除手机号码')}</Checkbox>
          </Form.Item>
        )}
        <Form.Item name="occupation" label={t('职业')}>
          <Select
            options={[
              { value: 'ordinary', label: t('一般职业') },
              { value: 'high-risk', label: t('高危职业') },
            ]}
          />
        </Form.Item>
        <Form.Item name="shares" label={t('份数')} rules={[{ required: true, message: t('请填写{what}', { what: t('份数') }) }]}>
          <InputNumber min={1} max={SHARES_MAX} precision={0} style={{ width: '100%' }} />
        </Form.Item>
      </Form>
      {command.dialog}
    </Modal>
  );
}
