/**
 * Lets the keyboard scroll tables that are wider than their place (WCAG 2.1.1), and keeps it out of the hidden row by which
 * antd measures columns: it repeats the head, its tick box included.
 */
import { useEffect, useRef, type RefObject } from 'react';

export function useScrollable(): RefObject<HTMLDivElement | null> {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = ref.current;
    if (!place) return undefined;
    const mark = () => {
      for (const row of place.querySelectorAll<HTMLElement>('.ant-table-measure-row')) row.inert = true;
      for (const part of place.querySelectorAll<HTMLElement>('.ant-table-content, .ant-table-body')) {
        if (part.scrollWidth > part.clientWidth || part.scrollHeight > part.clientHeight) part.tabIndex = 0;
        else part.removeAttribute('tabindex');
      }
    };
    const sizes = new ResizeObserver(mark);
    sizes.observe(place);
    mark();
    return () => sizes.disconnect();
  });
  return ref;
}
