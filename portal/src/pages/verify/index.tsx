/** 确认书验证, open to everybody: where the QR code of a certificate leads. */
import { CheckCircleFilled, CloseCircleFilled, WarningFilled } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import { period } from '../../format/dates';
import { useT } from '../../i18n';
import { Facts, Money } from '../../kit/show';
import { Failed, Loading } from '../../kit/states';
import { Door } from '../sign-in/Door';

export default function Verify() {
  const t = useT();
  const { token = '' } = useParams();
  const query = useQuery({
    queryKey: ['verification', token],
    queryFn: () => answer(api.GET('/certificates/verification/{token}', { params: { path: { token } } })),
  });
  const forged = query.error instanceof Refused && query.error.status >= 400 && query.error.status < 500;
  return (
    <Door wide>
      <h1>{t('确认书验证')}</h1>
      {query.data ? (
        <>
          <p className={query.data.latest ? 'verdict good' : 'verdict old'} role="status">
            {query.data.latest ? <CheckCircleFilled aria-hidden /> : <WarningFilled aria-hidden />}
            {query.data.latest ? t('确认书真实有效，为最新版本') : t('确认书真实，但已有更新的版本，请以最新版本为准')}
          </p>
          <Facts
            columns={1}
            facts={[
              [t('确认书号码'), query.data.number],
              [t('单位名称'), query.data.unit],
              [t('保障期间'), query.data.period ? period(query.data.period) : '–'],
              [t('合计金额（元）'), <Money key="amount" fen={query.data.amount_fen} strong />],
              [t('版本'), query.data.revision],
            ]}
          />
        </>
      ) : forged ? (
        <>
          <p className="verdict bad" role="alert">
            <CloseCircleFilled aria-hidden /> {t('无法验证：这不是平台出具的确认书，或二维码已被改动')}
          </p>
          <p className="quiet">{t('请向出具确认书的单位或其所属工会核实。')}</p>
        </>
      ) : query.error ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Loading />
      )}
    </Door>
  );
}
