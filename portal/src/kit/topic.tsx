/** What an action was about, with the way there. */
import { Link } from 'react-router';
import type { ActionView } from '../api/schema.gen';
import { useT, type Key } from '../i18n';

export const KINDS: Record<string, Key> = {
  enrolment: '参保单',
  registration: '注册申请',
  unit: '单位',
  account: '账号',
  node: '组织机构',
  plan: '保障活动',
  'self-check-rules': '自核规则',
  reliefs: '补贴和赠险',
  restriction: '限制名单',
};

type Topic = Pick<ActionView, 'kind' | 'name' | 'subject'>;

/** Where it is looked at; nothing for what has no page that an auditor sees. */
export function topicAddress({ kind, name, subject }: Topic): string | undefined {
  switch (kind) {
    case 'enrolment':
      return `/enrolment-query/${subject}`;
    case 'registration':
      return `/registration-query/${subject}`;
    case 'unit':
      return `/unit-query/${subject}`;
    case 'account':
      return `/accounts/${subject.replace(/^account-/, '')}`;
    case 'node':
      return `/organisation?node=${subject.replace(/^node-/, '')}`;
    case 'plan':
      return `/plan-variants/${name}`;
    case 'self-check-rules':
      return '/self-check-rules';
    case 'reliefs':
      return '/reliefs';
    default:
      return undefined;
  }
}

export function TopicLink({ topic }: { topic: Topic }) {
  const t = useT();
  const kind = KINDS[topic.kind];
  const said = kind ? t(kind) : topic.kind;
  const address = topicAddress(topic);
  return (
    <>
      {topic.name && <span className="quiet">{said} </span>}
      {address ? <Link to={address}>{topic.name || said}</Link> : topic.name || said}
    </>
  );
}
