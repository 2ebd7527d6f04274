import type { z } from 'zod';
import type { ReaderWorld } from './readers.ts';
import { readerFaults } from './readers.ts';
import { faultRequest, type GridFaults } from '../collect/faults.ts';
import { addBill, billBody, convertBody, convertHousehold, payAgain } from './account-routes.ts';
import { closeAccount, exchangeMeter, renewCard, transfer } from './household-changes.ts';
import { moreHouseholds } from './more-households.ts';
import { addSteps, stepsBody, wantCardTask, wantedBody } from './card-task-routes.ts';
import type { World } from './world.ts';
import { WorldError } from './world-error.ts';
import {
  cardBody,
  clockBody,
  consumeBody,
  depositBody,
  frameBody,
  householdsBody,
  knobsBody,
  linkBody,
  settingsBody,
  stockBody,
  topUpBody,
  transferBody,
} from './request-bodies.ts';
import { parse } from './parse-body.ts';

/** What the physical world's HTTP is about. */
export interface WorldParts {
  readonly world: World;
  readonly readers: ReaderWorld;
  readonly faults: GridFaults;
}

interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** `:name` takes one segment. */
  readonly path: string;
  readonly run: (parts: WorldParts, name: string, body: unknown) => unknown;
}

/** Plain JSON, for tests, the kiosk's drawer and the sandbox's own page. The server under test never comes here. */
const ROUTES: readonly Route[] = [
  { method: 'GET', path: 'cards', run: ({ world }) => world.drawer.list() },
  { method: 'POST', path: 'cards/:id/clone', run: ({ world }, id) => world.cloneCard(id) },
  { method: 'GET', path: 'cards/:id/usage', run: ({ world }, id) => world.drawer.get(id).sim.usage },
  { method: 'POST', path: 'cards/:id/usage/reset', run: ({ world }, id) => resetUsage(world, id) },
  { method: 'GET', path: 'readers', run: ({ readers }) => readers.list() },
  {
    method: 'POST',
    path: 'readers/:id/insert',
    run: ({ readers }, id, body) => readers.insert(id, parse(cardBody, body).cardId),
  },
  { method: 'POST', path: 'readers/:id/eject', run: ({ readers }, id) => readers.eject(id) },
  {
    method: 'POST',
    path: 'readers/:id/faults',
    run: ({ readers }, id, body) => readers.setFaults(id, parse(readerFaults, body)),
  },
  { method: 'GET', path: 'meters', run: ({ world }) => world.meters() },
  { method: 'GET', path: 'meters/:id', run: ({ world }, id) => world.meter(id) },
  {
    method: 'POST',
    path: 'meters/:id/insert',
    run: ({ world }, id, body) => world.insert(id, parse(cardBody, body).cardId),
  },
  {
    method: 'POST',
    path: 'meters/:id/consume',
    run: ({ world }, id, body) => world.consume(id, parse(consumeBody, body).fen),
  },
  {
    method: 'POST',
    path: 'meters/:id/settings',
    run: ({ world }, id, body) => world.configure(id, parse(settingsBody, body)),
  },
  {
    method: 'POST',
    path: 'meters/:id/link',
    run: ({ world }, id, body) => {
      const { link, ms } = parse(linkBody, body);
      return world.setLink(id, link, ms);
    },
  },
  { method: 'GET', path: 'meters/:id/frames', run: ({ world }, id) => world.concentrator.frames(id) },
  {
    method: 'POST',
    path: 'meters/:id/frame',
    run: ({ world }, id, body) => world.handFrame(id, parse(frameBody, body).frame),
  },
  { method: 'GET', path: 'clock', run: ({ world }) => ({ now: new Date(world.now()).toISOString() }) },
  {
    method: 'POST',
    path: 'clock',
    run: ({ world }, _, body) => world.advance(parse(clockBody, body).advanceHours * 3_600_000),
  },
  { method: 'GET', path: 'day', run: ({ world }) => ({ day: world.days.open() }) },
  { method: 'POST', path: 'day/cut', run: ({ world }) => world.cutDay() },
  {
    method: 'POST',
    path: 'stock',
    run: ({ world }, _, body) =>
      world.addStock([parse(stockBody, body).chip]).map(({ id }) => world.drawer.view(id)),
  },
  {
    method: 'POST',
    path: 'households',
    run: ({ world }, _, body) => moreHouseholds(world, parse(householdsBody, body)),
  },
  {
    method: 'POST',
    path: 'households/:no/transfer',
    run: ({ world }, no, body) => transfer(world, no, parse(transferBody, body).name),
  },
  { method: 'POST', path: 'households/:no/close', run: ({ world }, no) => closeAccount(world, no) },
  { method: 'POST', path: 'households/:no/exchange', run: ({ world }, no) => exchangeMeter(world, no) },
  { method: 'POST', path: 'households/:no/card', run: ({ world }, no) => renewCard(world, no) },
  { method: 'GET', path: 'accounts/:no', run: ({ world }, no) => world.accounts.view(no) },
  {
    method: 'POST',
    path: 'accounts/:no/convert',
    run: ({ world }, no, body) => convertHousehold(world, no, parse(convertBody, body)),
  },
  {
    method: 'POST',
    path: 'accounts/:no/bills',
    run: ({ world }, no, body) => addBill(world, no, parse(billBody, body)),
  },
  { method: 'POST', path: 'payments/:no/again', run: ({ world }, no) => payAgain(world, no) },
  { method: 'GET', path: 'deposit', run: ({ world }) => world.deposit.state },
  {
    method: 'POST',
    path: 'deposit',
    run: ({ world }, _, body) => world.changeDeposit((deposit) => deposit.set(parse(depositBody, body))),
  },
  {
    method: 'POST',
    path: 'deposit/top-ups',
    run: ({ world }, _, body) => world.changeDeposit((deposit) => deposit.topUp(parse(topUpBody, body).fen)),
  },
  { method: 'GET', path: 'card-tasks', run: ({ world }) => world.cardTasks.list() },
  { method: 'GET', path: 'card-tasks/terminals', run: ({ world }) => world.cardTasks.terminals },
  {
    method: 'POST',
    path: 'card-tasks',
    run: ({ world }, _, body) => wantCardTask(world, parse(wantedBody, body)),
  },
  {
    method: 'POST',
    path: 'card-tasks/:no/steps',
    run: ({ world }, no, body) => addSteps(world, no, parse(stepsBody, body)),
  },
  { method: 'GET', path: 'sms', run: ({ world }) => world.sms.list() },
  { method: 'GET', path: 'sales', run: ({ world }) => world.bill() },
  { method: 'POST', path: 'knobs', run: ({ world }, _, body) => setKnobs(world, parse(knobsBody, body)) },
  {
    method: 'POST',
    path: 'faults/grid',
    run: ({ faults }, _, body) => faults.set(parse(faultRequest, body)),
  },
  { method: 'POST', path: 'faults/grid/release', run: ({ faults }) => ({ released: faults.release() }) },
  { method: 'DELETE', path: 'faults/grid', run: ({ faults }) => faults.clear() },
];

/**
 * Answers one request under `/world/`. Fails with `WorldError`: 404 for what is not there, 400 for what is not well
 * formed, 409 for what cannot be done now.
 */
export function worldRequest(
  parts: WorldParts,
  request: { method: string; path: string; body: unknown },
): unknown {
  const asked = request.path.split('/');
  let known = false;
  for (const route of ROUTES) {
    const pattern = route.path.split('/');
    if (pattern.length !== asked.length) continue;
    if (!pattern.every((part, i) => part.startsWith(':') || part === asked[i])) continue;
    known = true;
    if (route.method !== request.method) continue;
    const at = pattern.findIndex((part) => part.startsWith(':'));
    return route.run(parts, decodeURIComponent(asked[at] ?? ''), request.body) ?? { ok: true };
  }
  throw new WorldError(404, known ? `Not by ${request.method}.` : `There is no /world/${request.path}.`);
}

function resetUsage(world: World, id: string): void {
  world.drawer.get(id).sim.resetUsage();
}

function setKnobs(world: World, knobs: z.output<typeof knobsBody>): void {
  world.remoteReading = knobs.remoteReading;
}
