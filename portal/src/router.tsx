/**
 * Addresses. The pages before signing in are here; those behind it – frame, menu and icons with them – are loaded when the
 * first of them is gone to, so that the sign-in page shows soon (the build says how much it loads, and how much it may).
 */
import { lazy } from 'react';
import { createBrowserRouter } from 'react-router';
import { CrashPage } from './shell/CrashPage';

const SignIn = lazy(() => import('./pages/sign-in'));
const Forgotten = lazy(() => import('./pages/sign-in/Forgotten'));
const SetPassword = lazy(() => import('./pages/sign-in/SetPassword'));
const Register = lazy(() => import('./pages/unit-registration'));
const RegistrationStatus = lazy(() => import('./pages/unit-registration/Status'));
const Verify = lazy(() => import('./pages/verify'));

const ROOT = 'root';

export const router = createBrowserRouter(
  [
    {
      id: ROOT,
      errorElement: <CrashPage />,
      children: [
        { path: '/sign-in', element: <SignIn /> },
        { path: '/forgotten-password', element: <Forgotten /> },
        { path: '/set-password', element: <SetPassword /> },
        { path: '/register', element: <Register /> },
        { path: '/registration', element: <RegistrationStatus /> },
        { path: '/verify/:token', element: <Verify /> },
      ],
    },
  ],
  {
    // Asked for every address that is none of the above, and for those with parameters.
    patchRoutesOnNavigation: async ({ path, patch }) => {
      if (path.startsWith('/verify/')) return;
      // Loaded once; what is there already is not added again.
      const { inside } = await import('./routes');
      patch(ROOT, inside);
    },
  },
);
