/** 信息查询: the units of one's place. */
import { useT } from '../../i18n';
import { UnitListing } from '../../kit/unitListing';

export default function UnitQuery() {
  const t = useT();
  return (
    <>
      <h1>{t('信息查询')}</h1>
      <UnitListing caption={t('信息查询')} />
    </>
  );
}
