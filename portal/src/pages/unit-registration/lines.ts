/** An application as a comparison shows it. Images are not compared: only looking at them tells what is on them. */
import type { ApplicationInput, RegistrationView, UnitInput } from '../../api/schema.gen';
import type { Translate } from '../../i18n';
import { unitFacts } from '../../kit/unit';
import type { Line } from '../../kit/versioned';

interface Parts {
  agency: string;
  unit: UnitInput;
  contact: { name: string; position: string; mobile: string };
}

function lines({ agency, unit, contact }: Parts, t: Translate): Line[] {
  const facts: [string, string][] = [
    [t('归属代办处'), agency],
    ...unitFacts(unit, t),
    [t('联系人'), contact.name],
    [t('职务'), contact.position || '–'],
    [t('手机号码'), contact.mobile],
  ];
  return facts.map(([label, value]) => ({ label, value }));
}

/** The agency by name, where it is the one whose name is known. */
type Known = Pick<RegistrationView, 'agency' | 'agency_name'>;

/** As somebody types it. */
export function typedLines({ agency = '', unit = {}, contact = {} }: ApplicationInput, known: Known, t: Translate): Line[] {
  const { name = '', position = '', mobile = '' } = contact;
  return lines({ agency: agency === known.agency ? known.agency_name : agency, unit, contact: { name, position, mobile } }, t);
}

/** As it is kept, with the contact's number masked. */
export function keptLines({ agency_name, unit, contact }: RegistrationView, t: Translate): Line[] {
  return lines({ agency: agency_name, unit, contact }, t);
}
