/** 导出: asks for a workbook of what a list shows, and leads to where its progress is. */
import { FileExcelOutlined } from '@ant-design/icons';
import { App, Button, Space } from 'antd';
import { Link } from 'react-router';
import { answer, api } from '../api/client';
import type { EnrolmentFilter } from '../api/schema.gen';
import { useT } from '../i18n';
import { ProblemAlert } from './problem';
import { useSend } from './send';

export function ExportButton({ kind, filter }: { kind: 'enrolments' | 'rosters' | 'receipts' | 'payments'; filter: EnrolmentFilter }) {
  const t = useT();
  const { message } = App.useApp();
  const send = useSend(
    (_: undefined, key) => answer(api.POST('/exports', { params: { header: { 'Idempotency-Key': key } }, body: { kind, filter } })),
    () =>
      message.success(
        <Space>
          {t('已开始导出')}
          <Link to="/exports">{t('查看进度')}</Link>
        </Space>,
      ),
  );
  return (
    <div>
      <Button icon={<FileExcelOutlined aria-hidden />} loading={send.pending} onClick={() => void send.run(undefined)}>
        {t('导出')}
      </Button>
      <ProblemAlert error={send.error} />
    </div>
  );
}
