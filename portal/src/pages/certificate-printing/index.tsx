/** 确认书打印: 未打印 / 已打印, the roster to confirm, prints, refresh, and the scan of what was signed and sealed. */
import { useQuery } from '@tanstack/react-query';
import { Button, Drawer, Tabs, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { enrolment as enrolmentQuery, keys } from '../../api/queries';
import type { EnrolmentRow } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { ExportButton } from '../../kit/ExportButton';
import { Listing, useFilters } from '../../kit/listing';
import { countEnrolments, numberFields, readEnrolments, rowColumns, stateField } from '../../kit/lists';
import { Load } from '../../kit/states';
import { Certificate } from './Certificate';

const PRINTED = new Set(['awaiting-archive', 'completed']);

export default function CertificatePrinting() {
  const t = useT();
  const [params, setParams] = useSearchParams();
  const printed = params.get('printed') === 'yes';
  const [chosen, choose] = useState<string | null>(null);
  const certificate = printed ? 'printed' : 'unprinted';
  const fields = printed ? [...numberFields(t), stateField(t)] : numberFields(t);
  const [filters] = useFilters(fields);
  const columns: TableColumnsType<EnrolmentRow> = [
    ...rowColumns(t),
    // A scan that was sent back stands in the same state as one that is waited for.
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
  ];
  return (
    <>
      <div className="page-head">
        <h1>{t('确认书打印')}</h1>
        <ExportButton kind="enrolments" filter={{ ...filters, certificate }} />
      </div>
      <Tabs
        activeKey={printed ? 'yes' : 'no'}
        onChange={(key) => setParams(key === 'yes' ? { printed: 'yes' } : {})}
        items={[
          { key: 'no', label: t('未打印') },
          { key: 'yes', label: t('已打印') },
        ]}
      />
      <Listing<EnrolmentRow>
        caption={t('确认书打印')}
        name={[...keys.enrolments, 'certificates', printed]}
        read={(page, asked) => readEnrolments(page, { ...asked, certificate })}
        count={(asked) => countEnrolments({ ...asked, certificate })}
        fields={fields}
        columns={columns}
        rowKey="id"
        empty={{ title: printed ? t('没有已打印的确认书') : t('没有等待打印的确认书') }}
      />
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
