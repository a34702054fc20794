/** Where the page is: the part of the address behind `#`, so that links work and the browser's back key does. */
import { useLayoutEffect, useState } from 'preact/hooks';

export type Route =
  | { readonly at: 'campaign'; readonly campaign: string | null }
  | { readonly at: 'finding' | 'entry'; readonly campaign: string; readonly id: string };

/** What a step of the run that the viewer shows adds to the address. */
const STEP = /\?step=(\d{1,5})$/;

/** `#/CAMPAIGN`, `#/CAMPAIGN/finding/ID`, `#/CAMPAIGN/entry/ID`, with or without a step; anything else is the first campaign. */
export function parseRoute(hash: string): Route {
  const [, campaign, at, id] =
    /^#\/([0-9a-f]{12})(?:\/(finding|entry)\/([a-z0-9-]+))?$/.exec(hash.replace(STEP, '')) ?? [];
  if (campaign !== undefined && id !== undefined) return { at: at === 'entry' ? 'entry' : 'finding', campaign, id };
  return { at: 'campaign', campaign: campaign ?? null };
}

/** The step that an address names, from 0. */
export function stepOf(hash: string): number | undefined {
  const [, step] = STEP.exec(hash) ?? [];
  return step === undefined ? undefined : Number(step) - 1;
}

/** Names the step in the address, without an entry in the browser's history. */
export function keepStep(step: number): void {
  history.replaceState(null, '', `${location.hash.replace(STEP, '')}?step=${step + 1}`);
}

export function hashOf(route: Route): string {
  if (route.campaign === null) return '#/';
  return route.at === 'campaign' ? `#/${route.campaign}` : `#/${route.campaign}/${route.at}/${route.id}`;
}

export function go(route: Route): void {
  location.hash = hashOf(route);
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useLayoutEffect(() => {
    const follow = (): void => {
      setRoute(parseRoute(location.hash));
      scrollTo(0, 0);
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return route;
}
