/** The frame of pages for people who have not signed in. */
import { Button } from 'antd';
import { useEffect, type ReactNode } from 'react';
import { useSpeech } from '../../i18n';
import { useSize } from '../../shell/theme';

export function Door({ children, aside, wide = false, widest = false }: { children: ReactNode; aside?: ReactNode; wide?: boolean; widest?: boolean }) {
  const { t, language, setLanguage } = useSpeech();
  const { large, setLarge } = useSize();
  useEffect(() => {
    document.title = t('职工互助保障平台');
  }, [t]);
  return (
    <div className="door">
      <header>
        <span className="brand">
          <img src="/favicon.svg" alt="" width={32} height={32} />
          {t('职工互助保障平台')}
        </span>
        <span className="spring" />
        <Button type="text" aria-pressed={large} onClick={() => setLarge(!large)}>
          {large ? t('标准字号') : t('关怀模式')}
        </Button>
        <Button type="text" lang={language === 'zh' ? 'en' : 'zh-CN'} onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}>
          {language === 'zh' ? 'English' : '中文'}
        </Button>
      </header>
      <main className={aside ? 'door-main with-aside' : 'door-main'}>
        <section className={widest ? 'card widest' : wide ? 'card wide' : 'card'}>{children}</section>
        {aside}
      </main>
    </div>
  );
}
