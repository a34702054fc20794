/** The head of the page: which campaign, and what the keys do. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { CampaignView } from '../../src/server/api.js';
import { SHORTCUTS } from './keys.js';
import { go } from './route.js';
import type { Theme } from './theme.js';
import { nameOf, STATES } from './words.js';

export interface HeaderProps {
  readonly campaigns: readonly CampaignView[];
  readonly campaign: CampaignView | null;
  readonly theme: Theme;
  readonly changeTheme: () => void;
  readonly showHelp: () => void;
}

export function Header({ campaigns, campaign, theme, changeTheme, showHelp }: HeaderProps) {
  return (
    <header class="head">
      <a class="mark" href={campaign ? `#/${campaign.id}` : '#/'} aria-label="Heddle, overview">
        <Mark /> Heddle
      </a>
      {campaign && campaigns.length > 1 && (
        <select
          aria-label="Campaign"
          value={campaign.id}
          onChange={(event) => go({ at: 'campaign', campaign: event.currentTarget.value })}
        >
          {campaigns.map((one) => (
            <option key={one.id} value={one.id}>
              {`${one.name}: ${nameOf(one)}, ${STATES[one.state][0].toLowerCase()}`}
            </option>
          ))}
        </select>
      )}
      {campaign && (
        <p class="which">
          <b>{nameOf(campaign)}</b>
          <span class="quiet">{`${campaign.scene ?? 'all scenes'}${campaign.seed === '' ? '' : `, seed ${campaign.seed}`}`}</span>
        </p>
      )}
      <div class="tools">
        <button type="button" onClick={changeTheme} aria-label={`Theme: ${theme}. Change it`} title="Theme (t)">
          <span aria-hidden="true">{{ auto: '◐', light: '☀', dark: '☾' }[theme]}</span>
        </button>
        <button type="button" onClick={showHelp} aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)">
          ?
        </button>
      </div>
    </header>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
      <g fill="none" stroke="currentColor" stroke-width="2.6" stroke-linecap="round">
        <path d="M5 8h22M5 16h8m6 0h8M5 24h22" />
        <path d="M16 3v9m0 8v9" opacity=".6" />
        <circle cx="16" cy="16" r="2.6" />
      </g>
    </svg>
  );
}

/** A list of the keys; Esc or a click beside it closes it. */
export function Help({ isOpen, close }: { readonly isOpen: boolean; readonly close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Before the paint: the next key is the dialog's.
  useLayoutEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="help">
      <h2 id="help">Keyboard</h2>
      <dl class="keys">
        {SHORTCUTS.map(([keys, does]) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit">close</button>
      </form>
    </dialog>
  );
}
