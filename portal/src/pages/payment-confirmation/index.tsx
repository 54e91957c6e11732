/** 到账确认: the pool of finance. */
import { useT } from '../../i18n';
import { Pool } from '../../kit/pool';

export default function PaymentConfirmation() {
  const t = useT();
  return (
    <>
      <h1>{t('到账确认')}</h1>
      <Pool level="payment" base="/payment-confirmation" openLabel={t('登记')} />
    </>
  );
}
