/** 操作轨迹 of a unit: who changed what, with every field before and after. */
import { useQuery } from '@tanstack/react-query';
import { Timeline } from 'antd';
import { unitTrail as trailQuery } from '../api/queries';
import type { TrailLine } from '../api/schema.gen';
import { minute } from '../format/dates';
import { useT, type Key } from '../i18n';
import { Plain, Tag } from './show';
import { Empty, Load } from './states';

const ACTIONS: Record<string, Key> = {
  register: '注册',
  edit: '修改单位信息',
  'edit-address': '修改地址',
  'replace-images': '更换证件图片',
  'set-standing': '修改状态',
  'add-contact': '新增联系人',
  'edit-contact': '修改联系人',
  'set-contact-active': '停用或启用联系人',
  'set-handler': '更换经办人',
  merge: '合并',
  absorb: '并入其他单位',
  'view-unmasked': '查看完整号码',
};

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
        const name = ACTIONS[entry.action];
        return {
          key: i,
          content: (
            <div className="trail">
              <strong>{name ? t(name) : entry.action}</strong>
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
