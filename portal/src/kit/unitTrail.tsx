/** 操作轨迹 of a unit: who changed what, with every field before and after. */
import { useQuery } from '@tanstack/react-query';
import { Timeline } from 'antd';
import { unitTrail as trailQuery } from '../api/queries';
import type { TrailLine } from '../api/schema.gen';
import { minute } from '../format/dates';
import { useT } from '../i18n';
import { actionName } from './actions';
import { Plain, Tag } from './show';
import { Empty, Load } from './states';

/** Images are known by the identifier of their upload, which says nothing to people. */
const UPLOAD = /^[0-9A-HJKMNP-TV-Z]{26}$/;

interface Change {
  label: string;
  before: string;
  after: string;
}

/** `地址：甲 → 乙；经办人：张三 → 李四` by field; undefined when the note says something else. */
export function changesOf(note: string): Change[] | undefined {
  // A value may hold a semicolon: a new field begins only where a name and an arrow follow.
  const parts = note.split(/；(?=[^：；]+：[^；]* → )/);
  const changes = parts.map((part) => /^([^：]+)：(.*) → (.*)$/s.exec(part));
  if (changes.some((change) => change === null)) return undefined;
  return changes.flatMap((change) => (change ? [{ label: change[1] ?? '', before: change[2] ?? '', after: change[3] ?? '' }] : []));
}

export function UnitTrail({ id }: { id: string }) {
  const t = useT();
  const query = useQuery(trailQuery(id));
  return <Load query={query}>{(entries) => (entries.length === 0 ? <Empty title={t('没有操作记录')} /> : <Entries entries={entries} />)}</Load>;
}

function Entries({ entries }: { entries: TrailLine[] }) {
  const t = useT();
  // The newest first: what changed last is what one looks for.
  const newest = entries.map((entry, i) => ({ entry, i })).reverse();
  return (
    <Timeline
      items={newest.map(({ entry, i }) => {
        return {
          key: i,
          content: (
            <div className="trail">
              <strong>{actionName(entry.action, t)}</strong>
              {entry.from !== entry.to && (entry.to === 'active' || entry.to === 'inactive') && (
                <Tag tone={entry.to === 'active' ? 'good' : 'gone'}>{entry.to === 'active' ? t('启用') : t('停用')}</Tag>
              )}
              <span className="quiet">
                {entry.actor_name} · <time dateTime={entry.at}>{minute(entry.at)}</time>
              </span>
              {entry.note && <Note note={entry.note} />}
            </div>
          ),
        };
      })}
    />
  );
}

function Note({ note }: { note: string }) {
  const t = useT();
  const changes = changesOf(note);
  if (!changes) return <span className="note">{note}</span>;
  return (
    <Plain<Change>
      className="changes"
      dataSource={changes}
      rowKey="label"
      columns={[
        { title: t('项目'), dataIndex: 'label', width: 160 },
        { title: t('变更前'), dataIndex: 'before', render: (value: string) => <span className="words">{UPLOAD.test(value) ? t('原图片') : value}</span> },
        { title: t('变更后'), dataIndex: 'after', render: (value: string) => <span className="words">{UPLOAD.test(value) ? t('新图片') : value}</span> },
      ]}
    />
  );
}
