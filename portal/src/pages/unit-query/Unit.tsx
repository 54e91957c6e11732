/** One unit: what is on record, its contacts, its papers, its trail. */
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Tabs } from 'antd';
import { Link, useParams } from 'react-router';
import { unitImages, unit as unitQuery } from '../../api/queries';
import type { ManagedUnit } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { AgencyName } from '../../kit/agencies';
import { Contacts } from '../../kit/contacts';
import { Load } from '../../kit/states';
import { Papers, UnitFacts } from '../../kit/unit';
import { UnitStanding } from '../../kit/unitListing';
import { UnitTrail } from '../../kit/unitTrail';
import { useMay } from '../../shell/access';

/** While enrolments move after a merger, their end is looked for. */
const MOVING_EVERY_MS = 3000;

export default function Unit() {
  const { unit = '' } = useParams();
  const query = useQuery({ ...unitQuery(unit), refetchInterval: ({ state }) => (state.data?.moving ? MOVING_EVERY_MS : false) });
  return <Load query={query}>{(view) => <Loaded view={view} />}</Load>;
}

function Loaded({ view }: { view: ManagedUnit }) {
  const t = useT();
  const may = useMay();
  const images = useQuery({ ...unitImages(view.id, view.version), enabled: view.has_images });
  return (
    <>
      <div className="page-head">
        <h1>{view.facts.name}</h1>
        {may('manage-units') && !view.merged_into && (
          <Link to={`/unit-maintenance/${view.id}`}>
            <Button type="primary">{t('维护')}</Button>
          </Link>
        )}
      </div>
      {view.merged_into && (
        <p>
          {t('已合并到')} <Named unit={view.merged_into} />
        </p>
      )}
      {view.moving && <Alert className="gap" type="info" showIcon title={t('参保单正在移交，稍后自动显示结果。')} />}
      <section className="panel">
        <div className="gap">
          <UnitStanding unit={view} />
        </div>
        <UnitFacts unit={view.facts} more={[[t('归属代办处'), <AgencyName key="agency" path={view.agency} />]]} />
      </section>
      <section className="panel">
        <Tabs
          items={[
            { key: 'contacts', label: t('联系人'), children: <Contacts view={view} editable={false} /> },
            ...(view.has_images ? [{ key: 'papers', label: t('证件图片'), children: <Load query={images}>{(links) => <Papers images={links} />}</Load> }] : []),
            { key: 'trail', label: t('操作轨迹'), children: <UnitTrail id={view.id} /> },
          ]}
        />
      </section>
    </>
  );
}

/** A unit by its name, as far as one may see it. */
function Named({ unit }: { unit: string }) {
  const { data } = useQuery(unitQuery(unit));
  return <Link to={`/unit-query/${unit}`}>{data?.facts.name ?? unit}</Link>;
}
