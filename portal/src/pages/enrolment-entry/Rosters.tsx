/** Step 2, 人员清单维护: per plan its people, uploads, unnamed headcounts; import batches with their progress; headcounts. */
import { DownloadOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Drawer, Form, InputNumber, Modal, Progress, Space, type TableColumnsType } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import { filesInFull, keys } from '../../api/queries';
import type { BatchView, EnrolmentView, PlanView } from '../../api/schema.gen';
import { minute } from '../../format/dates';
import { useT } from '../../i18n';
import { useCommand } from '../../kit/command';
import { useClosing, useGuard } from '../../kit/guard';
import { Members } from '../../kit/members';
import { ProblemAlert, placeFaults } from '../../kit/problem';
import { Plain, Tag, countColumn } from '../../kit/show';
import { Empty } from '../../kit/states';
import { UploadBox } from '../../kit/uploads';
import { useMay } from '../../shell/access';
import { FailedRows } from './FailedRows';
import { Unnamed } from './Unnamed';

type Open =
  | { what: 'upload'; plans: string[]; title: string }
  | { what: 'members'; plan: PlanView; unexpired: boolean }
  | { what: 'unnamed'; plan: PlanView }
  | { what: 'failed'; batch: BatchView };

/** How often a batch is looked for whose file the platform has, and how long: some seconds, as a rule. */
const LOOK_EVERY_MS = 1500;
const LOOK_UNTIL_MS = 120_000;

export function Rosters({ view, back, next }: { view: EnrolmentView; back: () => void; next: () => void }) {
  const t = useT();
  const queries = useQueryClient();
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const closing = useClosing();
  const again = useCallback(() => queries.invalidateQueries({ queryKey: keys.enrolment(view.id) }), [queries, view.id]);
  // Batches there will be. Once one is there, its progress is watched; until then it is looked for here, since the dialog that
  // sent its file may be closed.
  const [expected, expect] = useState(0);
  const missing = expected > view.batches.length;
  useEffect(() => {
    if (!missing) return;
    const look = setInterval(() => void again(), LOOK_EVERY_MS);
    const end = setTimeout(() => expect(0), LOOK_UNTIL_MS);
    return () => {
      clearInterval(look);
      clearTimeout(end);
    };
  }, [missing, again]);
  const columns: TableColumnsType<PlanView> = [
    { title: t('保障活动'), dataIndex: 'variant' },
    countColumn(t('份数'), (plan) => plan.shares),
    countColumn(t('参保人数'), (plan) => plan.participants),
    countColumn(t('未到期参保人数'), (plan) => plan.unexpired),
    countColumn(t('超龄人数'), (plan) => plan.over_age),
    countColumn(t('无名单人数'), (plan) => plan.unnamed),
    {
      title: t('操作'),
      key: 'actions',
      render: (_, plan) => (
        <Space wrap size={0}>
          <Button type="link" size="small" onClick={() => setOpen({ what: 'upload', plans: [plan.code], title: plan.variant })}>
            {t('人员清单导入')}
          </Button>
          <Button type="link" size="small" onClick={() => setOpen({ what: 'unnamed', plan })}>
            {t('新增无名单')}
          </Button>
          <Button type="link" size="small" onClick={() => setOpen({ what: 'members', plan, unexpired: false })}>
            {t('人员详情/修改')}
          </Button>
          <Button type="link" size="small" disabled={plan.unexpired === 0} onClick={() => setOpen({ what: 'members', plan, unexpired: true })}>
            {t('未到期人员详情')}
          </Button>
        </Space>
      ),
    },
  ];
  return (
    <>
      <div className="panel">
        <div className="panel-head">
          <h2>{t('人员清单')}</h2>
          {view.plans.length > 1 && (
            <Button onClick={() => setOpen({ what: 'upload', plans: view.plans.map(({ code }) => code), title: t('批量导入人员清单') })}>{t('批量导入人员清单')}</Button>
          )}
        </div>
        <Plain<PlanView> dataSource={view.plans} rowKey="code" columns={columns} />
      </div>
      <Batches view={view} correct={(batch) => setOpen({ what: 'failed', batch })} />
      <Headcounts view={view} />
      <div className="form-foot panel">
        <Space>
          <Button onClick={back}>{t('上一步')}</Button>
          <Button type="primary" onClick={next}>
            {t('下一步')}
          </Button>
        </Space>
      </div>
      <Modal open={open?.what === 'upload'} width={680} title={open?.what === 'upload' ? `${t('人员清单导入')} · ${open.title}` : ''} footer={<Button onClick={close}>{t('关闭')}</Button>} onCancel={close} destroyOnHidden>
        {open?.what === 'upload' && (
          <>
            <p>{t('文件上传后由平台逐行检查，可以离开本页，稍后回来查看结果。')}</p>
            <UploadBox enrolment={view.id} purpose="roster" plans={open.plans} label={t('选择人员清单')} accepted={again} inspecting={() => expect((others) => Math.max(others, view.batches.length) + 1)} />
          </>
        )}
      </Modal>
      <Drawer open={open?.what === 'members'} size={1080} title={open?.what === 'members' ? `${t('人员详情')} · ${open.plan.variant}` : ''} onClose={close} destroyOnHidden>
        {open?.what === 'members' && <Members enrolment={view} plan={open.plan.code} editable {...(open.unexpired ? { unexpired: true } : {})} />}
      </Drawer>
      <Drawer open={open?.what === 'failed'} size={1180} title={open?.what === 'failed' ? `${t('更正失败人员')} · ${open.batch.file_name}` : ''} onClose={() => closing.leave(close)} destroyOnHidden>
        {open?.what === 'failed' && <FailedRows view={view} upload={open.batch.upload} close={close} touched={closing.touched} />}
      </Drawer>
      {open?.what === 'unnamed' && <Unnamed view={view} plan={open.plan} close={close} />}
    </>
  );
}

/** 导入批次 with live progress, downloads, and the way to correct failed rows in place. */
function Batches({ view, correct }: { view: EnrolmentView; correct: (batch: BatchView) => void }) {
  const t = useT();
  const may = useMay();
  const files = useQuery(filesInFull(view.id));
  // What was imported since is not among the links that were read.
  const [wanted, setWanted] = useState<number>();
  const variant = (code: string) => view.plans.find((plan) => plan.code === code)?.variant ?? code;
  const columns: TableColumnsType<BatchView> = [
    { title: t('保障活动'), dataIndex: 'plans', render: (codes: string[]) => codes.map(variant).join('、') },
    { title: t('文件类型'), render: (_, batch) => (batch.file_name.split('.').pop() ?? '').toLowerCase() },
    { title: t('文件名称'), dataIndex: 'file_name' },
    {
      title: t('结果'),
      key: 'result',
      render: (_, { outcome, progress }) =>
        !outcome ? (
          <span role="status" className="running">
            <Progress percent={100} status="active" showInfo={false} size="small" aria-label={t('正在导入')} /> {progress ? t('已读{read}行，已核对{checked}行', { read: progress.rows_read, checked: progress.rows_checked }) : t('正在导入')}
          </span>
        ) : outcome.result === 'refused' ? (
          <>
            <Tag tone="bad">{t('未导入')}</Tag> {outcome.text}
          </>
        ) : (
          <Tag tone={outcome.failed > 0 ? 'money' : 'good'}>{outcome.failed > 0 ? t('部分失败') : t('全部成功')}</Tag>
        ),
    },
    countColumn(t('总人数'), ({ outcome }) => (outcome?.result === 'done' ? outcome.total : null)),
    countColumn(t('成功'), ({ outcome }) => (outcome?.result === 'done' ? outcome.succeeded : null)),
    countColumn(t('失败'), ({ outcome }) => (outcome?.result === 'done' ? outcome.failed : null)),
    { title: t('导入时间'), dataIndex: 'begun_at', render: minute },
    {
      title: t('操作'),
      key: 'actions',
      render: (_, batch) =>
        batch.outcome?.result === 'done' &&
        batch.outcome.failed > 0 && (
          <Button type="link" size="small" onClick={() => correct(batch)}>
            {t('更正失败人员')}
          </Button>
        ),
    },
  ];
  const downloads = files.data?.filter(({ kind }) => kind === 'roster' || kind === 'failed-rows') ?? [];
  return (
    <div className="panel">
      <div className="panel-head">
        <h2>{t('导入批次')}</h2>
        {may('unmask-numbers') && view.batches.length > 0 && (
          <Button icon={<DownloadOutlined aria-hidden />} loading={files.isFetching} onClick={() => void files.refetch().then(() => setWanted(view.version))}>
            {t('名单下载')}
          </Button>
        )}
      </div>
      <ProblemAlert error={files.error} />
      {wanted === view.version && !files.error && (
        <ul className="downloads">
          {downloads.length === 0 && <li>{t('还没有名单')}</li>}
          {downloads.map((file) => (
            <li key={file.kind + file.of}>
              <a href={file.url}>{file.kind === 'roster' ? t('参保人员名单下载') : t('失败人员名单下载')}</a>
              <span className="quiet">{file.kind === 'roster' ? variant(file.of) : (view.batches.find(({ upload }) => upload === file.of)?.file_name ?? file.file_name)}</span>
            </li>
          ))}
        </ul>
      )}
      {view.batches.length === 0 ? (
        <Empty title={t('还没有导入人员清单')} hint={t('下载模板填写后，在上表中选择“人员清单导入”。')} />
      ) : (
        <Plain<BatchView> dataSource={[...view.batches].reverse()} rowKey="upload" columns={columns} />
      )}
    </div>
  );
}

interface Counts {
  staff?: number | null;
  female_staff?: number | null;
}

/** Staff of the unit: what participation is measured against. */
function Headcounts({ view }: { view: EnrolmentView }) {
  const t = useT();
  const { message } = App.useApp();
  const [form] = Form.useForm<Counts>();
  const [opened, setOpened] = useState(view);
  const [dirty, setDirty] = useState(false);
  const guard = useGuard(dirty);
  const said = ({ staff, female_staff }: Counts) => [
    { label: t('职工人数'), value: String(staff ?? '–') },
    { label: t('女职工人数'), value: String(female_staff ?? '–') },
  ];
  const command = useCommand<Counts>({
    seen: opened,
    basis: said,
    mine: said,
    taken: (theirs) => {
      form.setFieldsValue({ staff: theirs.staff ?? null, female_staff: theirs.female_staff ?? null });
      setOpened(theirs);
      setDirty(false);
    },
    send: async ({ staff, female_staff }, header, id) => {
      const body = { staff: staff ?? 0, female_staff: female_staff ?? 0, remark: view.remark };
      try {
        return await answer(api.PUT('/enrolments/{enrolment}/details', { params: { path: { enrolment: id }, header }, body }));
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults, new Set(['staff', 'female_staff']));
        throw error;
      }
    },
    done: () => {
      message.success(t('已保存'));
      setDirty(false);
    },
  });
  return (
    <div className="panel">
      <h2>{t('单位人数')}</h2>
      <ProblemAlert error={command.error} />
      <Form
        form={form}
        layout="inline"
        className="counts"
        initialValues={{ staff: view.staff, female_staff: view.female_staff }}
        onValuesChange={() => setDirty(true)}
        onFinish={(values) => void command.run(values)}
      >
        <Form.Item name="staff" label={t('职工人数')} rules={[{ required: true, message: t('请填写职工人数') }]}>
          <InputNumber min={0} precision={0} />
        </Form.Item>
        <Form.Item name="female_staff" label={t('女职工人数')} rules={[{ required: true, message: t('请填写女职工人数') }]}>
          <InputNumber min={0} precision={0} />
        </Form.Item>
        <Button htmlType="submit" loading={command.pending} disabled={!dirty}>
          {t('保存人数')}
        </Button>
      </Form>
      {command.dialog}
      {guard}
    </div>
  );
}
