/** Step 3, 参保信息录入: base data, plans, attachments, trail, self-check, remark; 完成. */
import { DeleteOutlined } from '@ant-design/icons';
import { Alert, App, Button, Form, Input, Popconfirm, Space, Tabs } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import type { AttachmentView, EnrolmentView, UploadStatus } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { useCommand } from '../../kit/command';
import { Attachments, BaseFacts, EnrolmentTrail, PlanTable, SelfCheck } from '../../kit/enrolment';
import { useGuard } from '../../kit/guard';
import { ProblemAlert, placeFaults } from '../../kit/problem';
import { UploadBox } from '../../kit/uploads';

const REMARK_MAX = 500;

export function Details({ view, back, toRosters }: { view: EnrolmentView; back: () => void; toRosters: () => void }) {
  const t = useT();
  const navigate = useNavigate();
  const { message, modal } = App.useApp();
  const [form] = Form.useForm<{ remark: string }>();
  const [dirty, setDirty] = useState(false);
  const guard = useGuard(dirty);
  const counted = view.staff != null && view.female_staff != null;
  const remark = useCommand<string>({
    seen: view,
    basis: (seen) => [{ label: t('备注'), value: seen.remark }],
    mine: (value) => [{ label: t('备注'), value }],
    taken: (theirs) => {
      form.setFieldsValue({ remark: theirs.remark });
      setDirty(false);
    },
    send: async (value, header, id) => {
      const body = { staff: view.staff ?? 0, female_staff: view.female_staff ?? 0, remark: value };
      try {
        return await answer(api.PUT('/enrolments/{enrolment}/details', { params: { path: { enrolment: id }, header }, body }));
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults, new Set(['remark']));
        throw error;
      }
    },
    done: () => {
      message.success(t('已保存'));
      setDirty(false);
    },
  });
  const complete = useCommand({
    seen: view,
    send: (_: undefined, header, id) => answer(api.POST('/enrolments/{enrolment}/completion', { params: { path: { enrolment: id }, header } })),
    done: async () => {
      await navigate('/enrolment-entry');
      modal.success({ title: t('录入完成'), content: t('参保单{number}已提交初审，审核结果将以短信通知。', { number: view.application_number }) });
    },
  });
  return (
    <>
      <div className="panel">
        <h2>{t('基本信息')}</h2>
        <BaseFacts enrolment={view} />
        <PlanTable enrolment={view} />
      </div>
      <div className="panel">
        <Tabs
          items={[
            { key: 'attachments', label: t('附件信息'), children: <AttachmentTab view={view} /> },
            { key: 'trail', label: t('操作轨迹'), children: <EnrolmentTrail id={view.id} /> },
            { key: 'check', label: t('参保自核信息'), children: <SelfCheck enrolment={view} /> },
          ]}
        />
      </div>
      <div className="panel">
        <ProblemAlert error={remark.error} />
        <Form form={form} layout="vertical" initialValues={{ remark: view.remark }} onValuesChange={() => setDirty(true)} onFinish={(values) => void remark.run(values.remark)}>
          <Form.Item name="remark" label={t('备注')}>
            <Input.TextArea rows={3} maxLength={REMARK_MAX} showCount disabled={!counted} />
          </Form.Item>
          {dirty && (
            <Button htmlType="submit" loading={remark.pending}>
              {t('保存备注')}
            </Button>
          )}
        </Form>
      </div>
      <div className="panel form-foot">
        {!counted && (
          <Alert
            type="warning"
            showIcon
            className="gap"
            title={t('还没有填写职工人数')}
            action={
              <Button size="small" onClick={toRosters}>
                {t('去填写')}
              </Button>
            }
          />
        )}
        <ProblemAlert error={complete.error} />
        <Space>
          <Button onClick={back}>{t('上一步')}</Button>
          <Popconfirm
            title={t('提交初审？')}
            description={t('提交后不能再修改，除非被退回。')}
            okText={t('提交')}
            onConfirm={() => void complete.run(undefined)}
            disabled={dirty || !counted}
          >
            <Button type="primary" loading={complete.pending} disabled={dirty || !counted}>
              {t('完成')}
            </Button>
          </Popconfirm>
        </Space>
      </div>
      {remark.dialog}
      {complete.dialog}
      {guard}
    </>
  );
}

function AttachmentTab({ view }: { view: EnrolmentView }) {
  const t = useT();
  const attach = useCommand<string>({
    seen: view,
    // Attaching one more file is about nothing else.
    basis: () => [],
    send: async (upload, header, id) => answer(api.POST('/enrolments/{enrolment}/attachments', { params: { path: { enrolment: id }, header }, body: { upload } })),
  });
  const remove = useCommand<string>({
    seen: view,
    basis: () => [],
    send: (upload, header, id) => answer(api.DELETE('/enrolments/{enrolment}/attachments/{upload}', { params: { path: { enrolment: id, upload }, header } })),
  });
  const accepted = async ({ upload }: UploadStatus, _: File, instead?: string) => {
    if (!(await attach.run(upload))) throw new Error(t('文件已上传，但没有附到参保单'));
    // The other way round, a picture could be lost in between.
    if (instead && view.attachments.some((attachment) => attachment.upload === instead)) await remove.run(instead);
  };
  const overAge = view.plans.some((plan) => plan.over_age > 0);
  const button = (attachment: AttachmentView) => (
    <Popconfirm title={t('删除这个附件？')} onConfirm={() => void remove.run(attachment.upload)}>
      <Button size="small" type="text" danger icon={<DeleteOutlined aria-hidden />} aria-label={t('删除{name}', { name: attachment.file_name })} />
    </Popconfirm>
  );
  return (
    <>
      <ProblemAlert error={attach.error ?? remove.error} />
      {overAge && !view.attachments.some(({ kind }) => kind === 'over-age-proof') && (
        <Alert type="warning" showIcon className="gap" title={t('有超龄人员，请上传加盖公章的超龄证明')} />
      )}
      <div className="two">
        <UploadBox enrolment={view.id} purpose="enrolment-attachment" label={t('上传附件')} accepted={accepted} />
        <UploadBox enrolment={view.id} purpose="over-age-proof" label={t('上传超龄证明')} accepted={accepted} />
      </div>
      <Attachments enrolment={view} remove={button} />
    </>
  );
}
