/** Colours and sizes: contrast of WCAG 2.1 AA at least, and 关怀模式, which makes everything larger. */
import { ConfigProvider, theme as antTheme, type ThemeConfig } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { useSpeech } from '../i18n';

const LARGE = 'large-type';

interface Size {
  large: boolean;
  setLarge: (large: boolean) => void;
}
const SizeContext = createContext<Size>({ large: false, setLarge: () => undefined });

export function theme(large: boolean): ThemeConfig {
  return {
    cssVar: { key: 'portal' },
    token: {
      colorPrimary: '#12509e',
      colorLink: '#12509e',
      // By itself a colour gets lighter under the pointer, too light to be read.
      colorPrimaryHover: '#0e4182',
      colorLinkHover: '#0e4182',
      colorLinkActive: '#0a3166',
      colorError: '#b42318',
      colorWarning: '#935a00',
      colorSuccess: '#1a6e37',
      // Tints of dark colours come out muddy: those of the tags are taken.
      colorErrorBg: '#fdecea',
      colorErrorBorder: '#f3c2bd',
      colorWarningBg: '#fff4dd',
      colorWarningBorder: '#f1d9a7',
      colorSuccessBg: '#e7f6ec',
      colorSuccessBorder: '#b5dfc3',
      colorInfoBg: '#e8f1fc',
      colorInfoBorder: '#bcd6f5',
      colorText: 'rgba(0,0,0,0.88)',
      colorTextSecondary: 'rgba(0,0,0,0.68)',
      colorTextTertiary: 'rgba(0,0,0,0.64)',
      colorTextDescription: 'rgba(0,0,0,0.66)',
      colorTextPlaceholder: 'rgba(0,0,0,0.6)',
      colorTextQuaternary: 'rgba(0,0,0,0.6)',
      colorBgLayout: '#f2f4f8',
      borderRadius: 6,
      fontSize: large ? 18 : 14,
      controlHeight: large ? 44 : 34,
      fontFamily: "-apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif",
    },
    components: {
      Table: { headerBg: '#eef2f8', cellPaddingBlock: large ? 16 : 11 },
      Layout: { headerBg: '#12509e', headerHeight: 64, siderBg: '#ffffff' },
      Form: { itemMarginBottom: 18 },
      Menu: { itemSelectedBg: '#e8f1fc' },
    },
  };
}

export function Theme({ children }: { children: ReactNode }) {
  const { language } = useSpeech();
  const [large, store] = useState(() => localStorage.getItem(LARGE) === 'yes');
  const size = useMemo(
    () => ({
      large,
      setLarge: (next: boolean) => {
        localStorage.setItem(LARGE, next ? 'yes' : 'no');
        store(next);
      },
    }),
    [large],
  );
  useEffect(() => {
    dayjs.locale(language === 'zh' ? 'zh-cn' : 'en');
  }, [language]);
  const config = useMemo(() => theme(large), [large]);
  return (
    <SizeContext value={size}>
      <ConfigProvider theme={config} locale={language === 'zh' ? zhCN : enUS} button={{ autoInsertSpace: false }}>
        <Ground>{children}</Ground>
      </ConfigProvider>
    </SizeContext>
  );
}

/** Type and colour of whatever no component styles. */
function Ground({ children }: { children: ReactNode }) {
  const { large } = useSize();
  const { token } = antTheme.useToken();
  const { colorText: color, fontSize, lineHeight, fontFamily } = token;
  return (
    <div className={large ? 'large' : ''} style={{ color, fontSize, lineHeight, fontFamily }}>
      {children}
    </div>
  );
}

export function useSize(): Size {
  return useContext(SizeContext);
}
