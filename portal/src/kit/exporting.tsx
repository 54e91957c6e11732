/** Asking for an export: the answer leads to where its progress is. */
import { App, Space } from 'antd';
import { Link } from 'react-router';
import { answer, api } from '../api/client';
import type { ExportInput, ExportView } from '../api/schema.gen';
import { useT } from '../i18n';
import { useSend, type Sending } from './send';

/** Sends what is wanted; `begun` when it was taken. */
export function useExport(begun?: () => void): Sending<ExportInput, ExportView> {
  const t = useT();
  const { message } = App.useApp();
  return useSend(
    (body, key) => answer(api.POST('/exports', { params: { header: { 'Idempotency-Key': key } }, body })),
    () => {
      message.success(
        <Space>
          {t('已开始导出')}
          <Link to="/exports">{t('查看进度')}</Link>
        </Space>,
      );
      begun?.();
    },
  );
}
