/** A member of a roster as it was seen, and how it is read again: by its entry, as places move when others are removed. */
import { api, numbered } from '../api/client';
import type { SearchInput, components } from '../api/schema.gen';
import type { Translate } from '../i18n';
import type { Line } from './versioned';

export type Member = components['schemas']['Listing_MemberView']['items'][number];

/** Members as a version of the enrolment has them. */
export interface Seen {
  version: number;
  members: Member[];
}

/** Where members stand, and whether their numbers are shown in full. */
export interface Roster {
  enrolment: string;
  plan: string;
  unmasked: boolean;
}

/** A page of members, with the version it was read at. */
export async function searchMembers(enrolment: string, query: { limit: number; cursor?: string }, body: SearchInput) {
  return numbered(api.POST('/enrolments/{enrolment}/roster/search', { params: { path: { enrolment }, query }, body }));
}

/** Those of the members who are still on the roster, as they are now. */
export async function readAgain({ enrolment, plan, unmasked }: Roster, members: Member[]): Promise<Seen> {
  const entries = members.map(({ entry }) => entry);
  const { body, version } = await searchMembers(enrolment, { limit: entries.length }, { plan, entries, ...(unmasked ? { unmasked } : {}) });
  return { version, members: body.members.items };
}

export function occupationName(occupation: string, t: Translate): string {
  return occupation === 'high-risk' ? t('高危职业') : occupation === 'ordinary' ? t('一般职业') : occupation;
}

/** A member as a comparison shows them. Of numbers that differ only where masks hide them it is said that they do. */
export function memberLines(member: Member | undefined, seen: Member, t: Translate): Line[] {
  if (!member) return [];
  const hidden = member.numbers_tag !== seen.numbers_tag && member.id_number === seen.id_number && member.mobile === seen.mobile;
  return [
    { label: t('姓名'), value: member.name },
    { label: t('身份证号码'), value: member.id_number },
    { label: t('手机号码'), value: member.mobile ?? '–' },
    { label: t('职业'), value: occupationName(member.occupation, t) },
    { label: t('份数'), value: t('{count}份', { count: member.shares }) },
    ...(hidden ? [{ label: t('号码中隐藏的部分'), value: t('已被更正') }] : []),
  ];
}
