/** Images of the papers: what is on record, and newer ones in their place. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { unitImages } from '../../api/queries';
import type { ImageLinks, ManagedUnit } from '../../api/schema.gen';
import type { Paper } from '../../api/upload';
import { useT, type Key } from '../../i18n';
import { ProblemAlert } from '../../kit/problem';
import { Load } from '../../kit/states';
import { Papers } from '../../kit/unit';
import { useUnitCommand } from '../../kit/unitCommand';
import { UploadBox } from '../../kit/uploads';
import type { Part } from './Maintain';

const PAPERS: { purpose: Paper; label: Key }[] = [
  { purpose: 'unit-certificate', label: '单位证件' },
  { purpose: 'union-certificate', label: '工会法人资格证书' },
];

export function PapersForm({ view, mark }: { view: ManagedUnit; mark: (part: Part, changed: boolean) => void }) {
  // What was uploaded and not saved yet stays while the links are read again for a newer version.
  const images = useQuery({ ...unitImages(view.id, view.version), placeholderData: keepPreviousData });
  return <Load query={images}>{(links) => <Replace view={view} links={links} mark={mark} />}</Load>;
}

function Replace({ view, links, mark }: { view: ManagedUnit; links: ImageLinks[]; mark: (part: Part, changed: boolean) => void }) {
  const t = useT();
  const { message } = App.useApp();
  const [chosen, setChosen] = useState<Partial<Record<Paper, { upload: string; preview: string }>>>({});
  // The boxes forget what they have done once it is saved.
  const [round, setRound] = useState(0);
  const kept = (purpose: Paper) => links.find(({ kind }) => kind === purpose)?.upload ?? '';
  const of = (purpose: Paper) => chosen[purpose]?.upload ?? kept(purpose);
  const command = useUnitCommand({
    seen: view,
    // What images the others see is not in the view; replacing both is what is meant.
    basis: () => [],
    send: (_: undefined, header) =>
      answer(
        api.PUT('/units/{unit}/images', {
          params: { path: { unit: view.id }, header },
          body: { unit_certificate: of('unit-certificate'), union_certificate: of('union-certificate') },
        }),
      ),
    done: () => {
      message.success(t('已保存'));
      Object.values(chosen).forEach(({ preview }) => URL.revokeObjectURL(preview));
      setChosen({});
      setRound(round + 1);
      mark('papers', false);
    },
  });
  const changed = Object.keys(chosen).length > 0;
  const complete = PAPERS.every(({ purpose }) => of(purpose) !== '');
  return (
    <>
      <Papers images={links} />
      <h2 className="gap-top">{links.length > 0 ? t('更换证件图片') : t('上传证件图片')}</h2>
      <div className="two" key={round}>
        {PAPERS.map(({ purpose, label }) => (
          <div key={purpose}>
            <UploadBox
              purpose={purpose}
              multiple={false}
              label={t('上传{what}', { what: t(label) })}
              accepted={({ upload }, file) => {
                setChosen((old) => ({ ...old, [purpose]: { upload, preview: URL.createObjectURL(file) } }));
                mark('papers', true);
              }}
            />
            {chosen[purpose] && <img className="paper" src={chosen[purpose].preview} alt={t(label)} />}
          </div>
        ))}
      </div>
      <ProblemAlert error={command.error} />
      <div className="form-foot">
        {changed && !complete && <span className="quiet">{t('两份证件的图片都要有。')}</span>}
        <Button type="primary" disabled={!changed || !complete} loading={command.pending} onClick={() => void command.run(undefined)}>
          {t('保存')}
        </Button>
      </div>
      {command.dialog}
    </>
  );
}
