/** 初审, 复审, 终审: the pool of one level. */
import { useLocation } from 'react-router';
import { useT, type Key } from '../../i18n';
import { Pool } from '../../kit/pool';

export const LEVELS: Record<string, Key> = { 'first-review': '初审', 'second-review': '复审', 'final-review': '终审' };

export default function ReviewPool() {
  const t = useT();
  const level = useLocation().pathname.split('/')[1] ?? '';
  return (
    <>
      <h1>{t(LEVELS[level] ?? '审核')}</h1>
      <Pool key={level} level={level} base={`/${level}`} openLabel={t('审核')} />
    </>
  );
}
