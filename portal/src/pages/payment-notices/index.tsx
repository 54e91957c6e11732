/** 缴费通知单打印: every print is counted. */
import { PrinterOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Modal, Space } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { enrolment as enrolmentQuery, keys } from '../../api/queries';
import type { EnrolmentView, NoticeLink } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { useCommand } from '../../kit/command';
import { EnrolmentListing } from '../../kit/enrolmentListing';
import { PRINTABLE } from '../../kit/lists';
import { whenRendered } from '../../kit/opening';
import { ProblemAlert } from '../../kit/problem';
import { countColumn } from '../../kit/show';
import { Load } from '../../kit/states';
import { Paper } from './Paper';

export default function PaymentNotices() {
  const t = useT();
  const [chosen, choose] = useState<string | null>(null);
  return (
    <>
      <EnrolmentListing
        title={t('缴费通知单打印')}
        name="notices"
        preset={{ state: [...PRINTABLE].join(',') }}
        exported="enrolments"
        byState
        columns={[
          countColumn(t('打印次数'), (row) => row.notice_prints),
          {
            title: t('操作'),
            key: 'actions',
            fixed: 'right',
            render: (_, row) =>
              PRINTABLE.has(row.state) ? (
                <Button type="link" size="small" icon={<PrinterOutlined aria-hidden />} onClick={() => choose(row.id)}>
                  {t('打印')}
                </Button>
              ) : (
                <span className="quiet">{t('审核通过后可打印')}</span>
              ),
          },
        ]}
        empty={{ title: t('没有缴费通知单'), hint: t('参保单审核通过后出现在这里。') }}
      />
      {chosen && <Print id={chosen} close={() => choose(null)} />}
    </>
  );
}

function Print({ id, close }: { id: string; close: () => void }) {
  const t = useT();
  const query = useQuery(enrolmentQuery(id));
  return (
    <Modal open width={760} title={t('缴费通知单')} footer={<Button onClick={close}>{t('关闭')}</Button>} onCancel={close}>
      <Load query={query}>{(view) => <PrintNotice view={view} />}</Load>
    </Modal>
  );
}

export function PrintNotice({ view }: { view: EnrolmentView }) {
  const t = useT();
  const [fresh, setLink] = useState<NoticeLink | null>(null);
  const prints = view.notice?.prints ?? 0;
  // What was printed can be looked at again without another print.
  const last = useQuery({
    queryKey: [...keys.enrolment(view.id), 'notice', prints],
    queryFn: () => answer(api.GET('/enrolments/{enrolment}/notice', { params: { path: { enrolment: view.id } } })),
    enabled: prints > 0 && !view.notice?.problem,
    retry: false,
    staleTime: 240_000,
  });
  const link = fresh ?? last.data;
  const command = useCommand({
    seen: view,
    basis: () => [],
    send: async (_: undefined, header, id) => {
      const path = { enrolment: id };
      await answer(api.POST('/enrolments/{enrolment}/notice/prints', { params: { path, header } }));
      setLink(await whenRendered(() => answer(api.GET('/enrolments/{enrolment}/notice', { params: { path } }))));
    },
  });
  return (
    <>
      <Paper view={view} />
      <p className="gap">{t('已打印{count}次，每次打印都会记录。', { count: link?.prints ?? view.notice?.prints ?? 0 })}</p>
      <ProblemAlert error={command.error} />
      {view.notice?.problem && <ProblemAlert error={new Error(view.notice.problem)} />}
      <Space wrap>
        {link && (
          <Button type={fresh ? 'primary' : 'default'} href={link.url} target="_blank" rel="noreferrer">
            {t('打开缴费通知单')}
          </Button>
        )}
        {!fresh && (
          <Button type="primary" icon={<PrinterOutlined aria-hidden />} loading={command.pending} onClick={() => void command.run(undefined)}>
            {command.pending ? t('正在生成') : t('打印')}
          </Button>
        )}
      </Space>
      {command.dialog}
    </>
  );
}
