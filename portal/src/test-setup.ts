/** What jsdom lacks and Ant Design asks for. */
import { configure } from '@testing-library/react';
import { vi } from 'vitest';

// The machine may be busy: what is waited for comes, if late.
configure({ asyncUtilTimeout: 60_000 });

const nothing = () => undefined;
vi.stubGlobal('matchMedia', () => ({ matches: false, addListener: nothing, removeListener: nothing, addEventListener: nothing, removeEventListener: nothing }));
vi.stubGlobal(
  'ResizeObserver',
  class {
    observe = nothing;
    unobserve = nothing;
    disconnect = nothing;
  },
);
// Scrollbars are measured by the style of a pseudo-element.
const { getComputedStyle } = globalThis;
globalThis.getComputedStyle = (element) => getComputedStyle(element);
