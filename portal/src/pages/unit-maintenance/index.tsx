/** 信息维护: the units one looks after. */
import { Link } from 'react-router';
import { useT } from '../../i18n';
import { UnitListing } from '../../kit/unitListing';

export default function UnitMaintenance() {
  const t = useT();
  return (
    <>
      <h1>{t('信息维护')}</h1>
      <UnitListing
        caption={t('信息维护')}
        columns={[{ title: t('操作'), key: 'actions', fixed: 'right', render: (_, row) => row.merged_into ? '–' : <Link to={`/unit-maintenance/${row.id}`}>{t('维护')}</Link> }]}
      />
    </>
  );
}
