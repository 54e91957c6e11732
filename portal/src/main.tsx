import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import { isPassing } from './api/problem';
import { SpeechProvider, learnEnglish, storedLanguage } from './i18n';
import { Theme } from './shell/theme';
import { router } from './router';
import './portal.css';

const client = new QueryClient({
  defaultOptions: {
    queries: { retry: (times, error) => times < 2 && isPassing(error), refetchOnWindowFocus: true, staleTime: 5_000 },
    mutations: { retry: false },
  },
});

const root = document.getElementById('root');
// Without its English the portal still works.
if (storedLanguage() === 'en') await learnEnglish().catch(() => undefined);
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <SpeechProvider>
          <Theme>
            <RouterProvider router={router} />
          </Theme>
        </SpeechProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
