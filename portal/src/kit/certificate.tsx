/** What there is of a certificate, for everybody who reads the enrolment: its revisions, and the scan that came back. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { keys } from '../api/queries';
import type { EnrolmentView } from '../api/schema.gen';
import { minute } from '../format/dates';
import { useT } from '../i18n';
import { Facts } from './show';
import { Empty, Load } from './states';

/** Links are good for five minutes. */
const FRESH_MS = 240_000;

/** Links to the PDF, the scan and the public page, as they are now. */
export const certificateLinks = ({ id, certificate }: EnrolmentView) =>
  queryOptions({
    queryKey: [...keys.enrolment(id), 'certificate', certificate?.revision, certificate?.scan],
    queryFn: () => answer(api.GET('/enrolments/{enrolment}/certificate', { params: { path: { enrolment: id } } })),
    staleTime: FRESH_MS,
  });

/** 历次版本: what was rendered before the unit's data changed is kept. */
export function Revisions({ enrolment }: { enrolment: EnrolmentView }) {
  const t = useT();
  const query = useQuery({
    queryKey: [...keys.enrolment(enrolment.id), 'revisions', enrolment.certificate?.revision],
    queryFn: () => answer(api.GET('/enrolments/{enrolment}/certificate/revisions', { params: { path: { enrolment: enrolment.id } } })),
    staleTime: FRESH_MS,
  });
  return (
    <Load query={query}>
      {(revisions) => (
        <ul className="downloads">
          {revisions.map((one) => (
            <li key={one.revision}>
              <a href={one.url} target="_blank" rel="noreferrer">
                {t('版本{version}', { version: one.revision })}
              </a>
              <span className="quiet">
                {minute(one.rendered_at)} {one.latest ? t('现行版本') : ''}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Load>
  );
}

/** The tab 确认书 of an enrolment. Looking is no print. */
export function CertificatePapers({ enrolment }: { enrolment: EnrolmentView }) {
  const t = useT();
  const { certificate } = enrolment;
  const rendered = certificate?.rendered ?? false;
  const links = useQuery({ ...certificateLinks(enrolment), enabled: rendered });
  if (!certificate) return <Empty title={t('还没有确认书')} hint={t('到账确认后生成。')} />;
  return (
    <>
      <Facts
        columns={4}
        facts={[
          [t('确认书号码'), certificate.number],
          [t('版本'), certificate.revision],
          [t('打印次数'), certificate.prints],
          [
            t('扫描件'),
            links.data?.scan_url ? (
              <a href={links.data.scan_url} target="_blank" rel="noreferrer">
                {t('打开扫描件')}
              </a>
            ) : (
              '–'
            ),
          ],
        ]}
      />
      {rendered && <Revisions enrolment={enrolment} />}
    </>
  );
}
