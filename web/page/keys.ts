/** Keys of the page. They rest where somebody types, and inside the viewer, which has its own; beside it only few are the page's. */
import { useLayoutEffect, useRef } from 'preact/hooks';

export const SHORTCUTS: readonly (readonly [keys: string, does: string])[] = [
  ['?', 'this list'],
  ['j k', 'next or previous finding or entry; Enter opens it'],
  ['Esc', 'from a finding or entry back to the campaign'],
  ['← →', 'there: one step of its run; ? lists more'],
  ['f', 'to the findings'],
  ['c', 'to the corpus'],
  ['/', 'search the corpus'],
  ['n p', 'next or previous campaign'],
  ['x', 'coverage over executions or time'],
  ['t', 'theme: as the system, light, dark'],
];

export function useKeys(actions: Readonly<Record<string, () => void>>): void {
  const latest = useRef(actions);
  latest.current = actions;
  // Before the first paint: a key pressed as soon as the page is seen counts.
  useLayoutEffect(() => {
    const act = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const target = event.target as Element | null;
      // A dialog that has closed keeps the focus until the next frame.
      if (target?.closest('input:not([type=radio]), select, textarea, dialog[open], .viewer')) return;
      const action = Object.hasOwn(latest.current, event.key) ? latest.current[event.key] : undefined;
      if (!action) return;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', act);
    return () => removeEventListener('keydown', act);
  }, []);
}

/** Moves the focus among the rows of the page. */
export function focusRow(by: 1 | -1): void {
  const rows = rowsShown();
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by));
  rows[next]?.focus();
}

export function focusOn(id: string): void {
  const element = document.getElementById(id);
  element?.scrollIntoView({ block: 'start' });
  element?.focus({ preventScroll: true });
}

/** Keeps the focus among the rows while they come, move and go: on the same row where it is still there, else on its neighbour. */
export function useKeptRow(): void {
  useLayoutEffect(() => {
    let row: HTMLElement | null = null;
    let rows: HTMLElement[] = [];
    const look = (): void => {
      const active = document.activeElement;
      row = active instanceof HTMLElement && active.matches('[data-row]') ? active : null;
      rows = row ? rowsShown() : [];
    };
    // Whoever clicks beside the rows wants the focus away; nodes that are taken out or moved lose it without a pointer.
    const forget = (): void => {
      row = null;
    };
    const observer = new MutationObserver((changes) => {
      const isTaken = changes.some(({ removedNodes }) => [...removedNodes].some((node) => node.contains(row)));
      if (row && isTaken && document.activeElement === document.body) {
        const shown = rowsShown();
        const at = rows.indexOf(row);
        const address = row.getAttribute('href');
        const near = [...rows.slice(at), ...rows.slice(0, at).reverse()].find((one) => one.isConnected);
        const same = row.isConnected ? row : shown.find((one) => one.getAttribute('href') === address);
        (same ?? near ?? shown[0])?.focus({ preventScroll: true });
      }
      look();
    });
    observer.observe(document.body, { childList: true, subtree: true });
    document.addEventListener('focusin', look);
    document.addEventListener('pointerdown', forget);
    return () => {
      observer.disconnect();
      document.removeEventListener('focusin', look);
      document.removeEventListener('pointerdown', forget);
    };
  }, []);
}

const rowsShown = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[data-row]')];
