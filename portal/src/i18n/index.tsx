/**
 * Chinese first: the Chinese text is the key, so pages read as they look, and `english.ts` must have each of them or the
 * build fails. What the server says is Chinese in both languages. The English is loaded when somebody wants it.
 */
import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import type { english } from './english';

export type Key = keyof typeof english;
export type Language = 'zh' | 'en';
type Values = Record<string, string | number>;
export type Translate = (key: Key, values?: Values) => string;

interface Speech {
  language: Language;
  setLanguage: (language: Language) => void;
  t: Translate;
}

const STORED = 'language';
const SpeechContext = createContext<Speech | undefined>(undefined);

let dictionary: Record<Key, string> | undefined;

/** Loads the English; until then texts are Chinese. */
export async function learnEnglish(): Promise<void> {
  dictionary ??= (await import('./english')).english;
}

export function storedLanguage(): Language {
  return localStorage.getItem(STORED) === 'en' ? 'en' : 'zh';
}

export function translate(language: Language, key: Key, values: Values = {}): string {
  const text: string = language === 'zh' ? key : (dictionary?.[key] ?? key);
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function SpeechProvider({ children }: { children: ReactNode }) {
  const [language, store] = useState<Language>(() => {
    const stored = storedLanguage();
    document.documentElement.lang = stored === 'zh' ? 'zh-CN' : 'en';
    return stored;
  });
  const setLanguage = useCallback((next: Language) => {
    const turn = () => {
      localStorage.setItem(STORED, next);
      document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en';
      store(next);
    };
    // What cannot be loaded leaves the page as it is.
    if (next === 'en') void learnEnglish().then(turn, () => undefined);
    else turn();
  }, []);
  const t = useCallback<Translate>((key, values) => translate(language, key, values), [language]);
  const speech = useMemo(() => ({ language, setLanguage, t }), [language, setLanguage, t]);
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

export function useSpeech(): Speech {
  const speech = useContext(SpeechContext);
  if (!speech) throw new Error('SpeechProvider is missing');
  return speech;
}

export function useT(): Translate {
  return useSpeech().t;
}
