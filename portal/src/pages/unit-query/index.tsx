/** 单位查询 */
import { useT } from '../../i18n';
import { UnitListing } from '../../kit/unitListing';

export default function UnitQuery() {
  const t = useT();
  return (
    <>
      <h1>{t('单位查询')}</h1>
      <UnitListing caption={t('单位查询')} />
    </>
  );
}
