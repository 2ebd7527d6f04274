import type { Attack } from './attack.ts';
import { backups } from './disks/backups.ts';
import { cache } from './disks/cache.ts';
import { commands } from './disks/commands.ts';
import { database } from './disks/database.ts';
import { digests } from './disks/digests.ts';
import { logs } from './disks/logs.ts';
import { layouts } from './fleet/layouts.ts';
import { releases } from './fleet/releases.ts';
import { gridAnswers } from './lines/grid.ts';
import { walletAnswers } from './lines/wallets.ts';
import { consolePages } from './pages/console.ts';
import { kioskPages } from './pages/kiosk.ts';
import { links } from './people/links.ts';
import { requests } from './people/requests.ts';
import { factor } from './staff/factor.ts';
import { guesses } from './staff/guesses.ts';
import { money } from './staff/money.ts';
import { persons } from './staff/persons.ts';
import { rights } from './staff/rights.ts';
import { trail } from './staff/trail.ts';
import { beats } from './terminals/beats.ts';
import { enrolments } from './terminals/enrolments.ts';
import { orders } from './terminals/orders.ts';
import { plans } from './terminals/plans.ts';
import { proofs } from './terminals/proofs.ts';
import { forged } from './wallets/forged.ts';
import { replayed } from './wallets/replayed.ts';

/** Every attack, by who tries it. */
export const ATTACKS: readonly Attack[] = [
  ...[...links, ...requests],
  ...[...proofs, ...enrolments, ...beats, ...orders, ...plans],
  ...[...forged, ...replayed],
  ...[...gridAnswers, ...walletAnswers],
  ...[...releases, ...layouts],
  ...[...consolePages, ...kioskPages],
  ...[...rights, ...guesses, ...factor, ...money, ...trail, ...persons],
  ...[...database, ...commands, ...digests, ...cache, ...logs, ...backups],
];
