/** 确认书归档: the pool of archivists. */
import { useT } from '../../i18n';
import { Pool } from '../../kit/pool';

export default function CertificateArchiving() {
  const t = useT();
  return (
    <>
      <h1>{t('确认书归档')}</h1>
      <Pool level="archive" base="/certificate-archiving" openLabel={t('归档')} />
    </>
  );
}
