/** 确认书打印: 未打印 / 已打印, the roster to confirm, prints, refresh, and the scan of what was signed and sealed. */
import { useQuery } from '@tanstack/react-query';
import { Button, Drawer, Tabs } from 'antd';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { enrolment as enrolmentQuery } from '../../api/queries';
import { useT } from '../../i18n';
import { EnrolmentListing } from '../../kit/enrolmentListing';
import { Tag } from '../../kit/show';
import { Load } from '../../kit/states';
import { Certificate } from './Certificate';

const PRINTED = new Set(['awaiting-archive', 'completed']);

export default function CertificatePrinting() {
  const t = useT();
  const [params, setParams] = useSearchParams();
  const printed = params.get('printed') === 'yes';
  const [chosen, choose] = useState<string | null>(null);
  return (
    <>
      <EnrolmentListing
        title={t('确认书打印')}
        name={printed ? 'printed-certificates' : 'unprinted-certificates'}
        preset={{ certificate: printed ? 'printed' : 'unprinted' }}
        exported="enrolments"
        byState={printed}
        columns={[
          // A scan that was sent back stands in the same state as one that is waited for.
          ...(printed ? [{ title: t('扫描件'), dataIndex: 'scanned', render: (scanned: boolean) => <Tag tone={scanned ? 'good' : 'bad'}>{scanned ? t('已上传') : t('未上传')}</Tag> }] : []),
          ...(printed ? [{ title: t('原因'), dataIndex: 'return_reason', render: (reason: string | null | undefined) => <div className="brief">{reason ?? '–'}</div> }] : []),
          {
            title: t('操作'),
            key: 'actions',
            fixed: 'right',
            render: (_, row) =>
              row.state === 'awaiting-print' || PRINTED.has(row.state) ? (
                <Button type="link" size="small" onClick={() => choose(row.id)}>
                  {row.state === 'awaiting-print' ? t('打印') : row.state === 'awaiting-archive' ? t('打印/上传扫描件') : t('查看')}
                </Button>
              ) : (
                <span className="quiet">{t('到账确认后可打印')}</span>
              ),
          },
        ]}
        empty={{ title: printed ? t('没有已打印的确认书') : t('没有等待打印的确认书') }}
      >
        <Tabs
          activeKey={printed ? 'yes' : 'no'}
          onChange={(key) => setParams(key === 'yes' ? { printed: 'yes' } : {})}
          items={[
            { key: 'no', label: t('未打印') },
            { key: 'yes', label: t('已打印') },
          ]}
        />
      </EnrolmentListing>
      <Drawer open={chosen !== null} size={1080} title={t('确认书')} onClose={() => choose(null)} destroyOnHidden>
        {chosen && <Chosen id={chosen} />}
      </Drawer>
    </>
  );
}

function Chosen({ id }: { id: string }) {
  // Until the certificate is rendered, its end is looked for.
  const query = useQuery({ ...enrolmentQuery(id), refetchInterval: ({ state }) => (state.data?.certificate && !state.data.certificate.rendered && !state.data.certificate.problem ? 2000 : false) });
  return <Load query={query}>{(view) => <Certificate view={view} />}</Load>;
}
