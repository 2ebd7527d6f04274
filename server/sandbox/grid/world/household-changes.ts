import { fromHex } from '@bianmin/card/bytes/hex';
import { blankReturnData } from '@bianmin/card/testing/meter-files';
import { CARD_TYPE } from '@bianmin/card/testing/meter-layout';
import { openOfFormer } from '../platform/former-meter.ts';
import { cardFor, type Household } from '../platform/household.ts';
import { serialOf } from './card-serial.ts';
import type { CardView } from './drawer.ts';
import type { MeterView } from './views.ts';
import { WorldError } from './world-error.ts';
import type { World } from './world.ts';

/** 过户: another holds the account from now on; meter, card and counts stay. */
export function transfer(world: World, customerNo: string, name: string): { customerNo: string } {
  const household = known(world, customerNo);
  return world.change(() => {
    household.name = name;
    household.transfers = (household.transfers ?? 0) + 1;
    return { customerNo };
  });
}

/** 销户. */
export function closeAccount(world: World, customerNo: string): { customerNo: string } {
  const household = known(world, customerNo);
  return world.change(() => {
    household.closed = true;
    return { customerNo };
  });
}

/**
 * 换表: another meter at the wall, with what was left in the former one, opened for the same customer at count 0. Until the grid's counter has
 * made one, the household's card is the former meter's.
 */
export function exchangeMeter(world: World, customerNo: string): MeterView {
  const household = known(world, customerNo);
  const former = household.meterNo;
  const meterNo = world.change(({ homes }) => {
    const { state } = homes.meter(former);
    const next = newMeterNo(former);
    const { soldCount, creditedCount } = household;
    household.exchange = {
      meterNo: former,
      at: new Date(world.now()).toISOString(),
      soldCount,
      creditedCount,
    };
    household.meterNo = next;
    Object.assign(household, { soldCount: 0, creditedCount: null, balanceFen: null, balanceAt: null });
    household.cardType = CARD_TYPE.open;
    homes.install({
      ...{ ...state, meterNo: next, opened: true, customerNo, serial: '', count: 0 },
      ...{ illegalCards: 0, creditedFen: 0, remoteFen: 0 },
      ...{ display: '正常', displayEn: 'Ready' },
    });
    state.balanceFen = 0;
    homes.know(household);
    return next;
  });
  return world.meter(meterNo);
}

/** 供电营业厅: a card of the present meter, with what was sold for the former one, is on a card, and never reached it. */
export function renewCard(world: World, customerNo: string): CardView {
  const household = known(world, customerNo);
  const { meterNo } = household;
  const chip = cardFor(household) ?? 'SLE4442';
  const serial = serialOf(chip, Number(customerNo.slice(-6)), 50 + household.formerSerials.length);
  const id = world.change(({ homes, factory }) => {
    const open = openOfFormer(world.sales, household);
    const moved = open?.planReleased === true ? open : undefined;
    if (moved !== undefined) {
      moved.movedToMeter = { meterNo, count: 1 };
      household.soldCount = 1;
    }
    household.formerSerials = [...household.formerSerials, household.serial];
    household.serial = serial;
    homes.know(household);
    const sim = factory.make({
      ...{ chip, serial: fromHex(serial), count: household.soldCount },
      parameters: { meterNo, customerNo, cardType: household.cardType },
      amountFen: moved?.sale?.creditFen ?? 0,
      returnData: blankReturnData(chip),
    });
    const note = { note: '换表后的新卡', noteEn: 'The card of the new meter' };
    return world.drawer.add({ sim, holder: household.name, meterNo, ...note }).id;
  });
  return world.drawer.view(id);
}

function known(world: World, customerNo: string): Household {
  const household = world.books().household(customerNo);
  if (household === undefined) throw new WorldError(404, `There is no household ${customerNo}.`);
  return household;
}

/** 000026001234 → 000126001235 …: the former one's, one series on and with other last digits. */
function newMeterNo(former: string): string {
  const series = String(Number(former.slice(0, 4)) + 1).padStart(4, '0');
  const last = (Number(former.slice(-4)) + 5_000) % 10_000;
  return `${series}${former.slice(4, 8)}${String(last).padStart(4, '0')}`;
}
