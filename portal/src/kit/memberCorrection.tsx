/** 人员修改: one member of a draft's roster. What is left open stays as it is, so numbers need not be known in full. */
import { App, Checkbox, Form, Input, InputNumber, Modal, Select } from 'antd';
import { useQueryClient } from '@tanstack/react-query';
import { api, versioned } from '../api/client';
import { Refused } from '../api/problem';
import { keys } from '../api/queries';
import type { Fault, MemberCorrection, components } from '../api/schema.gen';
import { useT } from '../i18n';
import { useState } from 'react';
import { useClosing } from './guard';
import { ProblemAlert, placeFaults } from './problem';
import { useSend } from './send';

export type Member = components['schemas']['Listing_MemberView']['items'][number];

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
export function changeOf(member: Member, { name, id_number, mobile, no_mobile, occupation, shares }: Corrected): Omit<MemberCorrection, 'plan' | 'place'> {
  const typed = (text: string | undefined) => (text ?? '').trim();
  return {
    ...(name === member.name ? {} : { name }),
    ...(typed(id_number) === '' ? {} : { id_number: typed(id_number) }),
    ...(no_mobile ? { mobile: '' } : typed(mobile) === '' ? {} : { mobile: typed(mobile) }),
    ...(occupation === member.occupation ? {} : { occupation }),
    ...(shares === member.shares ? {} : { shares }),
  };
}

interface Props {
  enrolment: string;
  plan: string;
  member: Member;
  /** The version that shows the member where it stands, as an entity tag. */
  version: string;
  close: () => void;
}

export function CorrectMember({ enrolment, plan, member, version, close }: Props) {
  const t = useT();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<Corrected>();
  const [faults, setFaults] = useState<Fault[]>([]);
  const { touched, leave } = useClosing();
  const send = useSend(
    async (body: MemberCorrection, key) => {
      setFaults([]);
      try {
        const header = { 'Idempotency-Key': key, 'If-Match': version };
        return await versioned(api.POST('/enrolments/{enrolment}/roster/corrections', { params: { path: { enrolment }, header }, body }));
      } catch (error) {
        if (error instanceof Refused) setFaults(placeFaults(form, error.faults, FIELDS));
        throw error;
      }
    },
    async () => {
      message.success(t('已更正'));
      touched(false);
      close();
      await queries.invalidateQueries({ queryKey: keys.enrolment(enrolment) });
    },
  );
  const without = Form.useWatch('no_mobile', form);
  return (
    <Modal
      open
      title={t('修改人员：{name}', { name: member.name })}
      okText={t('保存')}
      okButtonProps={{ loading: send.pending }}
      onOk={() => form.submit()}
      onCancel={() => leave(close)}
    >
      <ProblemAlert error={send.error} faults={faults} />
      <Form
        form={form}
        layout="vertical"
        initialValues={{ name: member.name, occupation: member.occupation, shares: member.shares }}
        onValuesChange={() => touched(true)}
        onFinish={(values) => void send.run({ plan, place: member.place, ...changeOf(member, values) })}
      >
        <Form.Item name="name" label={t('姓名')} rules={[{ required: true, whitespace: true, message: t('请填写{what}', { what: t('姓名') }) }]}>
          <Input autoComplete="off" maxLength={50} autoFocus />
        </Form.Item>
        <Form.Item name="id_number" label={t('身份证号码')} extra={t('不填则不变')}>
          <Input autoComplete="off" maxLength={18} placeholder={member.id_number} />
        </Form.Item>
        <Form.Item name="mobile" label={t('手机号码')} extra={t('不填则不变')}>
          <Input autoComplete="off" maxLength={11} placeholder={member.mobile ?? ''} disabled={without === true} />
        </Form.Item>
        {member.mobile && (
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
    </Modal>
  );
}
