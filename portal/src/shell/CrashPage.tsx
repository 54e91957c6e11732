/** A page that failed to load or broke: says so, and how to go on. A new version of the portal is loaded by reloading. */
import { Button } from 'antd';
import { useRouteError } from 'react-router';
import { useT } from '../i18n';

export function CrashPage({ inside = false }: { inside?: boolean }) {
  const t = useT();
  const error = useRouteError();
  const stale = error instanceof TypeError && /import|fetch/i.test(error.message);
  return (
    <div className={inside ? 'state' : 'state alone'} role="alert">
      <h2>{stale ? t('平台已更新') : t('页面出错了')}</h2>
      <p>{stale ? t('请重新加载以使用新版本。') : t('您已保存的内容不受影响。请重新加载；如仍出现，请联系办事处。')}</p>
      <Button type="primary" onClick={() => globalThis.location.reload()}>
        {t('重新加载')}
      </Button>
    </div>
  );
}
