/** The page of `heddle serve`. */
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { CampaignView, StreamMessage } from '../../src/server/api.js';
import { plural } from '../../src/ui/format.js';
import '../shared/theme.css';
import './lists.css';
import './detail.css';
import './page.css';
import { Charts } from './charts.jsx';
import { Corpus } from './corpus.jsx';
import { useStream } from './data.js';
import { Entry } from './entry.jsx';
import { Finding } from './finding.jsx';
import { Findings } from './findings.jsx';
import { Fleet } from './fleet.jsx';
import { Header, Help } from './header.jsx';
import { Headline } from './headline.jsx';
import { focusOn, focusRow, useKeptRow, useKeys } from './keys.js';
import { go, useRoute } from './route.js';
import { Strategies } from './strategies.jsx';
import { useTheme } from './theme.js';
import { nameOf, STATES } from './words.js';

function Page() {
  const { message, isConnected } = useStream();
  const route = useRoute();
  const [theme, changeTheme] = useTheme();
  const [isHelp, setHelp] = useState(false);
  const campaigns = message?.campaigns ?? [];
  const campaign =
    campaigns.find(({ id }) => id === route.campaign) ?? (route.campaign === null ? campaigns[0] : null) ?? null;
  const step = (by: 1 | -1): void => {
    const next = campaigns[campaigns.findIndex(({ id }) => id === campaign?.id) + by];
    if (next) go({ at: 'campaign', campaign: next.id });
  };
  const isOverview = route.at === 'campaign';
  useKeptRow();
  useKeys({
    t: changeTheme,
    ...(isOverview
      ? {
          '?': () => setHelp(true),
          j: () => focusRow(1),
          k: () => focusRow(-1),
          n: () => step(1),
          p: () => step(-1),
          f: () => focusOn('findings'),
          c: () => focusOn('corpus'),
          '/': () => focusOn('corpus-filter'),
        }
      : { Escape: () => campaign && go({ at: 'campaign', campaign: campaign.id }) }),
  });
  useEffect(() => {
    document.title = campaign ? `${nameOf(campaign)}, ${STATES[campaign.state][0].toLowerCase()} – Heddle` : 'Heddle';
  }, [campaign?.state, campaign?.id]);
  return (
    <>
      <Header {...{ campaigns, campaign, theme, changeTheme }} showHelp={() => setHelp(true)} />
      {!isConnected && (
        <p class="banner" role="alert">
          The server does not answer: what is shown is old. It is tried again.
        </p>
      )}
      <main id="main">
        {campaign && !isOverview && (
          <p class="back">
            <a href={`#/${campaign.id}`}>← {nameOf(campaign)}</a>
          </p>
        )}
        {campaign === null || message === null ? (
          <p class="quiet">{message === null ? 'waiting for the server …' : 'There is no such campaign (any more).'}</p>
        ) : route.at === 'finding' ? (
          <Finding campaign={campaign.id} id={route.id} />
        ) : route.at === 'entry' ? (
          <Entry campaign={campaign.id} id={route.id} />
        ) : (
          <Overview campaign={campaign} message={message} />
        )}
      </main>
      <Help isOpen={isHelp} close={() => setHelp(false)} />
    </>
  );
}

function Overview({ campaign, message }: { readonly campaign: CampaignView; readonly message: StreamMessage }) {
  const { problems, quarantined, torn, dir, status } = campaign;
  return (
    <>
      <h1 class="unseen">{nameOf(campaign)}</h1>
      <p class="unseen" role="status">
        {`${STATES[campaign.state][0]}, ${plural(campaign.findings.length, 'finding')}`}
      </p>
      {problems.map((problem) => (
        <p class="banner" role="alert" key={problem}>
          {problem}
        </p>
      ))}
      <Headline campaign={campaign} />
      <Charts key={campaign.id} campaign={campaign} />
      <div class="two">
        <div class="column">
          <Findings campaign={campaign} />
          <Corpus campaign={campaign} />
        </div>
        <Strategies status={status} />
      </div>
      <Fleet {...message} />
      <footer class="quiet">
        {dir}
        {status && `; ${status.sitesReached} of ${status.sitesTotal} sites reached`}
        {quarantined > 0 && `; ${quarantined} in quarantine`}
        {torn > 0 && `; ${torn} torn lines in the journal`}
        {`; Heddle ${message.version}`}
      </footer>
    </>
  );
}

const root = document.getElementById('page');
if (root) render(<Page />, root);
