import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import { isPassing } from './api/problem';
import { SpeechProvider } from './i18n';
import { SessionKeeper } from './shell/SessionKeeper';
import { Theme } from './shell/theme';
import { router } from './routes';
import './portal.css';

const client = new QueryClient({
  defaultOptions: {
    queries: { retry: (times, error) => times < 2 && isPassing(error), refetchOnWindowFocus: true, staleTime: 5_000 },
    mutations: { retry: false },
  },
});

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <SpeechProvider>
          <Theme>
            <SessionKeeper />
            <RouterProvider router={router} />
          </Theme>
        </SpeechProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
