/** `heddle hub` */
import { Command } from 'commander';
import type { HubFlags } from '../hub-address.js';
import { terminalOf } from '../program.js';
import { HUB_SETTINGS, settingOption } from '../settings.js';

export function hubCommand(): Command {
  const command = new Command('hub').description('a fleet’s hub (NATS JetStream)');
  const status = new Command('status')
    .description('what the hub holds, and who is there')
    .argument('<url>', 'nats://host:4222 or tls://host:4222')
    .option('--json', 'one JSON document');
  for (const key of HUB_SETTINGS) status.addOption(settingOption(key));
  status.action(async (url: string, flags: HubFlags & { json?: boolean }, own: Command) => {
    const { showHub } = await import('../hub.js');
    await showHub(url, flags, terminalOf(own));
  });
  return command.addCommand(status);
}
