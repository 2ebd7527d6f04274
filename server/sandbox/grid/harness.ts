import { knownLayout, readCard } from '@bianmin/card/meter-card/read';
import { recogniserOf } from '@bianmin/card/meter-card/recognise';
import { writeCard } from '@bianmin/card/meter-card/write';
import { DirectSession } from '@bianmin/card/testing/direct-session';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import { BOTH_MAKERS } from '@bianmin/card/testing/second-maker';
import { createCollectionV1, type GridCall } from '../../src/gateways/grid/collection-v1.ts';
import type { GridGateway } from '../../src/gateways/grid/contract.ts';
import { httpTransport } from '../../src/gateways/grid/transport.ts';
import { generateSm2Keys } from '../../src/gateways/grid/wire/sm2.ts';
import { TestDeadlines } from '../../src/testing/deadlines.ts';
import type {
  GridHarness,
  HarnessAccount,
  HarnessCard,
  HarnessHousehold,
} from '../../src/testing/grid-harness.ts';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { addBill, convertHousehold } from './world/account-routes.ts';
import { ACCOUNT_SEEDS } from './world/account-seeds.ts';
import type { CardView } from './world/drawer.ts';
import { moreHouseholds } from './world/more-households.ts';
import { gridKeysFrom, makeGridKeys } from './keys.ts';
import { createGridSandbox, type GridSandbox } from './sandbox.ts';

/** Which of the seeded cards is which; by the note that a person sees in the drawer. */
const NOTES: Record<Exclude<HarnessHousehold, 'second-SLE4442' | 'second-CPU'>, string> = {
  SLE4442: 'Ordinary card',
  SLE4428: 'SLE4428 card',
  CPU: 'CPU card',
  AT88SC1608: 'AT88SC1608 card',
  AT88SC1602: 'AT88SC1602 card',
  AT88SC153: 'AT88SC153 card',
  'first-purchase': 'New meter',
  arrears: 'Owes',
  'not-inserted': 'The last purchase has not been',
  replaced: 'This card was lost',
  closed: 'The account is closed',
  foreign: 'A card of another',
  blank: 'A blank card',
  ceiling: 'The meter holds 980 of at most 1,000 yuan; the grid cannot',
  'ceiling-read': 'The meter holds 980 of at most 1,000 yuan; the grid reads',
};

const READER = { memoryDialect: 'acs', wiresC4C8: true } as const;
const recognise = recogniserOf(BOTH_MAKERS);

/** By the harness's deadlines, which pass when the sandbox keeps silent. */
const TIMEOUT_MS = 1_000;

/** One set for all: it is the sandbox that each test has of its own. */
const KEYS = makeGridKeys();

/** The real gateway, over real HTTP, to a sandbox of its own: for the grid's contract suite. */
export async function sandboxHarness(): Promise<GridHarness> {
  const clock = new ManualClock();
  const keys = KEYS;
  const sandbox = await createGridSandbox({ keys: gridKeysFrom({ ...keys.sandbox }), clock, seed: () => 7 });
  const deadlines = new TestDeadlines();
  sandbox.faults.onSilence = () => deadlines.pass();
  const calls: GridCall[] = [];
  const base = {
    url: sandbox.collectUrl,
    transport: httpTransport(sandbox.collectUrl, undefined, deadlines.deadline),
    agent: keys.server.GRID_AGENT,
    signKey: keys.server.GRID_SIGN_KEY,
    gridPublicKey: keys.server.GRID_PUBLIC_KEY,
    timeoutMs: TIMEOUT_MS,
    asksVendorCredit: true,
    cancelsWritten: true,
    asksMeters: true,
    clock,
    onCall: (call: GridCall) => void calls.push(call),
  };
  const gateway = createCollectionV1(base);
  return {
    gateway,
    clock,
    calls,
    ...sandboxSide(sandbox, gateway),
    bent(how) {
      switch (how) {
        case 'nobody-listens':
          return createCollectionV1({
            ...base,
            transport: httpTransport('http://127.0.0.1:9/collect'),
          });
        case 'wrong-grid-key':
          return createCollectionV1({ ...base, gridPublicKey: generateSm2Keys().publicKey });
        case 'unknown-agent':
          return createCollectionV1({ ...base, agent: 'stranger' });
        case 'clock-slow':
          return createCollectionV1({ ...base, clock: new ManualClock(clock.now() - 600_000) });
      }
    },
  };
}

/** The grid's and the households' side of a harness: the same whatever protocol the gateway speaks. */
export function sandboxSide(
  sandbox: GridSandbox,
  gateway: GridGateway,
): Omit<GridHarness, 'gateway' | 'clock' | 'calls' | 'bent'> {
  const { world, faults } = sandbox;
  const cards = cardsOf(sandbox);
  const meterNo = (household: HarnessHousehold): string => cards(household).meterNo ?? '';
  return {
    card: (household) => cardOf(sandbox, gateway, cards(household).id),
    fault: (operation, fault, times = 1) =>
      faults.set({ operation, fault, times, ...(fault === 'delay' ? { ms: 120_000 } : {}) }),
    async releaseLate() {
      faults.release();
      await new Promise((resolve) => setImmediate(resolve));
    },
    standing: () =>
      world
        .bill()
        .filter(({ status }) => status === 'sold')
        .map(({ orderNo, faceFen }) => ({ orderNo, faceFen })),
    meter: (household) => world.meter(meterNo(household)),
    link: (household, link) => void world.setLink(meterNo(household), link),
    account(which) {
      const seed = ACCOUNT_SEEDS[which === 'kept' ? 0 : 1];
      const found = world.homes.households.find(({ name }) => name === seed?.name);
      return accountOf(sandbox, found?.customerNo ?? '');
    },
    convert(household, open) {
      const { customerNo } = world.meter(meterNo(household));
      convertHousehold(world, customerNo, { open });
      return accountOf(sandbox, customerNo);
    },
    stock(chip) {
      const [card] = world.addStock([chip]);
      return cardOf(sandbox, gateway, card?.id ?? '');
    },
    wantCardTask: (task, steps) => world.cardTasks.want({ ...task, steps: [...steps], open: false }),
    cardTask: (taskNo) => world.cardTasks.get(taskNo),
    deposit: ({ availableFen, batch = 'open' }) => world.deposit.set({ availableFen, batch }),
    cutDay: () => world.cutDay().day,
    close: () => sandbox.close(),
  };
}

function accountOf({ world }: GridSandbox, customerNo: string): HarnessAccount {
  const view = () => world.accounts.view(customerNo);
  const { meterNo } = view();
  return {
    ...{ customerNo, meterNo },
    balanceFen: () => view().balanceFen,
    supply: () => view().supply,
    use: (fen) => void world.consume(meterNo, fen),
    link: (link) => void world.setLink(meterNo, link),
    bill: (bill) => addBill(world, customerNo, bill).billNo,
  };
}

/** The seeded household of a name; the second maker's are made when they are asked for. */
function cardsOf(sandbox: GridSandbox): (household: HarnessHousehold) => CardView {
  const made = new Map<HarnessHousehold, string>();
  return (household) => {
    if (household !== 'second-SLE4442' && household !== 'second-CPU') return noted(sandbox, NOTES[household]);
    const [more] = made.has(household) ? [] : moreHouseholds(sandbox.world, { count: 1, chip: household });
    if (more !== undefined) made.set(household, more.cardId);
    return sandbox.world.drawer.view(made.get(household) ?? '');
  };
}

function noted(sandbox: GridSandbox, note: string): CardView {
  const found = sandbox.world.drawer.list().find(({ noteEn }) => noteEn.startsWith(note));
  if (found === undefined) throw new Error(`No card is noted "${note}…".`);
  return found;
}

function cardOf(sandbox: GridSandbox, gateway: GridGateway, id: string): HarnessCard {
  const { sim } = sandbox.world.drawer.get(id);
  return {
    async read() {
      const session = new DirectSession(sim);
      const card = await recognise(session, READER);
      const image = await readCard(card.driver, session.atr, knownLayout(card));
      await session.end();
      return image;
    },
    async write(plan) {
      const session = new DirectSession(sim);
      const card = await recognise(session, READER);
      const { image } = await writeCard({
        driver: card.driver,
        layout: knownLayout(card),
        atr: session.atr,
        plan,
        lease: { no: 1, expiresAtMonotonic: Number.MAX_SAFE_INTEGER },
        journal: new MemoryJournal(),
        clock: new ManualClock(),
        authorise: ({ orderNo, stage, gathered }) => gateway.authorise({ orderNo, stage, gathered }),
      });
      await session.end();
      return image;
    },
    insert: () => sandbox.world.insert(sandbox.world.drawer.get(id).meterNo ?? '', id),
    copy: () => cardOf(sandbox, gateway, sandbox.world.cloneCard(id).id),
  };
}
