/** `heddle serve` */
import { Command, Option } from 'commander';
import { parsePort } from '../parsers.js';
import { terminalOf } from '../program.js';
import type { ServeFlags } from '../serve.js';
import { HUB_SETTINGS, settingOption, TOKEN_VARIABLE } from '../settings.js';

export function serveCommand(): Command {
  const command = new Command('serve')
    .description('a live page of campaigns, running and dead; figures for Prometheus below /metrics')
    .argument('[campaign...]', 'folders of campaigns, or folders that have them (default: heddle-out)')
    .addOption(new Option('--port <n>', '0: any that is free').argParser(parsePort).default(4173))
    .option('--host <address>', 'listen there instead of on 127.0.0.1; a token is needed then')
    .addOption(new Option('--token <text>', 'at least 16 characters; random if not given').env(TOKEN_VARIABLE))
    .addOption(settingOption('hub'));
  for (const key of HUB_SETTINGS) command.addOption(settingOption(key));
  return command
    .option('--json', 'say where it listens as one JSON document')
    .action(async (folders: string[], flags: ServeFlags, own: Command) => {
      const { serve } = await import('../serve.js');
      await serve(folders, flags, terminalOf(own));
    });
}
