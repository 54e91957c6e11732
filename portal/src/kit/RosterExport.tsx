/**
 * 导出人员清单: rosters as a workbook. Numbers are masked unless one may see them in full and asks for it, being told that they
 * leave the platform.
 */
import { FileExcelOutlined } from '@ant-design/icons';
import { Alert, Button, Modal, Radio } from 'antd';
import { useState } from 'react';
import type { EnrolmentFilter } from '../api/schema.gen';
import { useT } from '../i18n';
import { useMay } from '../shell/access';
import { useExport } from './exporting';
import { ProblemAlert } from './problem';

interface Props {
  /** Of which enrolments. */
  filter: EnrolmentFilter;
  /** The same in words. */
  what: string;
}

export function RosterExport(props: Props) {
  const t = useT();
  const [asking, ask] = useState(false);
  return (
    <>
      <Button icon={<FileExcelOutlined aria-hidden />} onClick={() => ask(true)}>
        {t('导出人员清单')}
      </Button>
      {asking && <Ask {...props} close={() => ask(false)} />}
    </>
  );
}

function Ask({ filter, what, close }: Props & { close: () => void }) {
  const t = useT();
  const may = useMay();
  const [inFull, setInFull] = useState(false);
  const send = useExport(close);
  return (
    <Modal
      open
      title={t('导出人员清单')}
      okText={inFull ? t('导出完整号码') : t('导出')}
      okButtonProps={{ danger: inFull, loading: send.pending }}
      onOk={() => void send.run({ kind: 'rosters', filter, in_full: inFull })}
      onCancel={close}
    >
      <p>{what}</p>
      <ProblemAlert error={send.error} />
      {may('unmask-numbers') ? (
        <Radio.Group
          className="gap"
          aria-label={t('身份证号码和手机号码')}
          value={inFull}
          onChange={(event) => setInFull(event.target.value as boolean)}
          options={[
            { value: false, label: t('隐去部分号码') },
            { value: true, label: t('完整号码') },
          ]}
        />
      ) : (
        <p className="quiet">{t('身份证号码和手机号码隐去一部分。')}</p>
      )}
      {inFull && (
        <Alert
          type="warning"
          showIcon
          title={t('完整的身份证号码和手机号码将离开本平台')}
          description={t('导出会记入每张参保单的轨迹。请仅在工作需要时导出，并妥善保管文件。')}
        />
      )}
    </Modal>
  );
}
