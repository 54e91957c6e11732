/** What several pages show of a unit or its application. */
import { Image } from 'antd';
import type { ImageLinks, UnitInput } from '../api/schema.gen';
import type { ReactNode } from 'react';
import { useT, type Translate } from '../i18n';
import { CERTIFICATES, NATURES } from '../pages/unit-registration/names';
import { named } from './enrolment';
import { Facts } from './show';
import { Empty } from './states';
import { Viewer } from './viewer';

/** What is known of a unit, line by line. */
export function unitFacts(unit: UnitInput, t: Translate): [string, string][] {
  const { region } = unit;
  return [
    [t('单位名称'), unit.name ?? ''],
    [t('统一社会信用代码'), unit.code ?? ''],
    [t('单位性质'), named(NATURES, unit.nature ?? '', t)],
    [t('证件类型'), named(CERTIFICATES, unit.certificate_type ?? '', t)],
    // Who has no certificate on record has none that is valid for ever.
    [t('证件有效期至'), unit.certificate_valid_until || (unit.certificate_type ? t('长期') : '–')],
    [t('工会名称'), unit.union_name ?? ''],
    [t('工会统一社会信用代码'), unit.union_code ?? ''],
    [t('所属行业'), unit.industry || '–'],
    [t('上级单位'), unit.parent_unit || '–'],
    [t('省市县'), region ? [region.province, region.city, region.county].filter(Boolean).join(' ') : '–'],
    [t('地址'), unit.address ?? ''],
  ];
}

export function UnitFacts({ unit, more = [] }: { unit: UnitInput; more?: [string, ReactNode][] }) {
  const t = useT();
  return <Facts facts={[...unitFacts(unit, t), ...more]} />;
}

export function Papers({ images }: { images: ImageLinks[] }) {
  const t = useT();
  if (images.length === 0) return <Empty title={t('没有证件图片')} />;
  const name = ({ kind }: ImageLinks) => (kind === 'unit-certificate' ? t('单位证件') : t('工会法人资格证书'));
  return (
    <Viewer names={images.map(name)}>
      <div className="papers">
        {images.map((image) => {
          return (
            <figure key={image.upload}>
              <Image src={image.thumbnail_url ?? image.url} preview={{ src: image.url }} alt={name(image)} height={180} />
              <figcaption>{name(image)}</figcaption>
            </figure>
          );
        })}
      </div>
    </Viewer>
  );
}
