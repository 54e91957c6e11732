/** One unit, to be kept right: facts, contacts, papers, standing, agency, and what was changed before. */
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Tabs } from 'antd';
import { useCallback, useState } from 'react';
import { Link, useParams } from 'react-router';
import { unit as unitQuery } from '../../api/queries';
import type { ManagedUnit } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { Contacts } from '../../kit/contacts';
import { useGuard } from '../../kit/guard';
import { Load } from '../../kit/states';
import { UnitStanding } from '../../kit/unitListing';
import { UnitTrail } from '../../kit/unitTrail';
import { AgencyForm } from './AgencyForm';
import { FactsForm } from './FactsForm';
import { PapersForm } from './PapersForm';
import { StandingForm } from './StandingForm';

/** Forms that may hold unsaved changes. */
export type Part = 'facts' | 'papers' | 'standing' | 'agency';

/** While enrolments follow the unit, their end is looked for. */
const MOVING_EVERY_MS = 3000;

export default function Maintain() {
  const { unit = '' } = useParams();
  const query = useQuery({ ...unitQuery(unit), refetchInterval: ({ state }) => (state.data?.moving ? MOVING_EVERY_MS : false) });
  return <Load query={query}>{(view) => <Loaded key={view.id} view={view} />}</Load>;
}

function Loaded({ view }: { view: ManagedUnit }) {
  const t = useT();
  const [dirty, setDirty] = useState<ReadonlySet<Part>>(new Set());
  const guard = useGuard(dirty.size > 0);
  const mark = useCallback(
    (part: Part, changed: boolean) =>
      setDirty((old) => {
        const next = new Set(old);
        if (changed) next.add(part);
        else next.delete(part);
        return next;
      }),
    [],
  );
  const star = (part: Part) => (dirty.has(part) ? ' *' : '');
  return (
    <>
      <div className="page-head">
        <h1>
          {view.facts.name} <span className="figures quiet">{view.facts.code}</span>
        </h1>
        <Link to={`/unit-query/${view.id}`}>
          <Button>{t('查看')}</Button>
        </Link>
      </div>
      {view.merged_into ? (
        <Alert type="info" showIcon title={t('该单位已合并到其他单位，不能再修改。')} action={<Link to={`/unit-query/${view.merged_into}`}>{t('查看合并后的单位')}</Link>} />
      ) : (
        <section className="panel">
          <div className="gap">
            <UnitStanding unit={view} />
          </div>
          <Tabs
            items={[
              { key: 'facts', label: t('单位信息') + star('facts'), children: <FactsForm view={view} mark={mark} /> },
              { key: 'contacts', label: `${t('联系人')} ${view.contacts.length}`, children: <Contacts view={view} editable /> },
              { key: 'papers', label: t('证件图片') + star('papers'), children: <PapersForm view={view} mark={mark} /> },
              { key: 'standing', label: t('单位状态') + star('standing'), children: <StandingForm view={view} mark={mark} /> },
              { key: 'agency', label: t('归属变更') + star('agency'), children: <AgencyForm view={view} mark={mark} /> },
              { key: 'trail', label: t('操作轨迹'), children: <UnitTrail id={view.id} /> },
            ]}
          />
        </section>
      )}
      {guard}
    </>
  );
}
