/** 导出: asks for a workbook of what a list shows, and leads to where its progress is. */
import { FileExcelOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { ExportInput } from '../api/schema.gen';
import { useT } from '../i18n';
import { useExport } from './exporting';
import { ProblemAlert } from './problem';

export function ExportButton(wanted: ExportInput) {
  const t = useT();
  const send = useExport();
  return (
    <div>
      <Button icon={<FileExcelOutlined aria-hidden />} loading={send.pending} onClick={() => void send.run(wanted)}>
        {t('导出')}
      </Button>
      <ProblemAlert error={send.error} />
    </div>
  );
}
