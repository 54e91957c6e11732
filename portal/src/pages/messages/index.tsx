/** 消息: one's own messages; and for those who may, the log of all in their scope, with sending again. */
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Space, Tabs, type TableColumnsType } from 'antd';
import { useSearchParams } from 'react-router';
import { answer, api } from '../../api/client';
import type { MessageView } from '../../api/schema.gen';
import { minute } from '../../format/dates';
import { useT, type Key } from '../../i18n';
import { Listing } from '../../kit/listing';
import { ProblemAlert } from '../../kit/problem';
import { useSend } from '../../kit/send';
import { Tag } from '../../kit/show';
import { useMay } from '../../shell/access';

const CHANNELS: Record<string, Key> = { text: '短信', sms: '短信', mail: '邮件', 'e-mail': '邮件', portal: '站内消息' };

export default function Messages() {
  const t = useT();
  const may = useMay();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [params, setParams] = useSearchParams();
  const all = params.get('tab') === 'all' && may('read-messages');
  const resend = useSend(
    ({ id }: MessageView) => answer(api.POST('/messages/{message}/resend', { params: { path: { message: id } } })),
    async () => {
      message.success(t('已重新发送'));
      await queries.invalidateQueries({ queryKey: ['messages'] });
    },
  );
  const columns: TableColumnsType<MessageView> = [
    { title: t('时间'), dataIndex: 'queued_at', render: minute },
    { title: t('标题'), dataIndex: 'title' },
    { title: t('内容'), dataIndex: 'text', render: (text: string | null | undefined, row) => <div className="told">{text ?? row.detail ?? '–'}</div> },
    { title: t('渠道'), dataIndex: 'channel', render: (channel: string) => (channel in CHANNELS ? t(CHANNELS[channel] as Key) : channel) },
    ...(all ? [{ title: t('接收人'), dataIndex: 'recipient', render: (recipient: string | null | undefined) => recipient ?? '–' }] : []),
    {
      title: t('状态'),
      key: 'state',
      render: (_, row) => (
        <Space>
          <Tag tone={row.state === 'failed' || row.state === 'dead' ? 'bad' : row.state === 'sent' ? 'good' : 'review'}>{row.state_name}</Tag>
          {row.reason_text}
        </Space>
      ),
    },
    ...(all && may('resend-messages')
      ? [
          {
            title: t('操作'),
            key: 'actions',
            fixed: 'right' as const,
            render: (_: unknown, row: MessageView) =>
              row.may_resend && (
                <Button type="link" size="small" loading={resend.pending} onClick={() => void resend.run(row)}>
                  {t('重新发送')}
                </Button>
              ),
          },
        ]
      : []),
  ];
  return (
    <>
      <h1>{t('消息')}</h1>
      {may('read-messages') && (
        <Tabs
          activeKey={all ? 'all' : 'mine'}
          onChange={(key) => setParams(key === 'all' ? { tab: 'all' } : {})}
          items={[
            { key: 'mine', label: t('我的消息') },
            { key: 'all', label: t('发送记录') },
          ]}
        />
      )}
      <ProblemAlert error={resend.error} />
      <Listing<MessageView>
        caption={t('消息')}
        name={['messages', all]}
        read={(page, filters) => (all ? answer(api.GET('/messages', { params: { query: { ...page, ...filters } } })) : answer(api.GET('/me/messages', { params: { query: page } })))}
        fields={
          all
            ? [
                { name: 'from', label: t('日期起'), kind: 'date' },
                { name: 'to', label: t('日期止'), kind: 'date' },
              ]
            : []
        }
        columns={columns}
        rowKey="id"
        empty={{ title: t('没有消息') }}
      />
    </>
  );
}
