import { diagnosis as schema, type Diagnosis, type DiagnosisAct } from '@bianmin/purchase/api/diagnosis';
import { LANGUAGES } from '@bianmin/purchase/api/language';
import { ORDER_ACTIONS } from '@bianmin/purchase/api/order-decisions';
import { sayDiagnosis } from '@bianmin/purchase/diagnosis/say';

/** What is true of an order once nothing of it moves, by wallets, counters, the grid's book and its meter. */
export interface OrderTruth {
  /** Of which only what our own books can know: money that a bill alone tells of is not in it. */
  readonly takenFen: number;
  readonly refundedFen: number;
  /** Whether a sale stands at the grid. */
  readonly isSold: boolean;
  /** Where its electricity has arrived. `moved`: in a meter whose balance the grid took over with all that it had. */
  readonly arrived: 'meter' | 'account' | 'moved' | null;
  /** Whether our own books have the word of that. */
  readonly isHeard: boolean;
  /** A person must decide about it still. */
  readonly waits: boolean;
}

type MoneyAt = Diagnosis['money']['at'];
type PowerAt = Diagnosis['power']['at'];

/** What is wrong with, or vague in, a diagnosis of an order at rest: a sentence each. Pure. */
export function misdiagnosed(diagnosis: Diagnosis, truth: OrderTruth): string[] {
  const { money, power, act } = diagnosis;
  const moneyAt = moneyPlaces(truth);
  const powerAt = powerPlaces(truth);
  return [
    ...(money.takenFen === truth.takenFen
      ? []
      : [`says that ${money.takenFen} fen came, and ${truth.takenFen} did`]),
    ...(money.backFen === truth.refundedFen || truth.waits
      ? []
      : [`says that ${money.backFen} fen went back, and ${truth.refundedFen} did`]),
    ...(moneyAt.includes(money.at)
      ? []
      : [`says that the money is ${money.at}, not ${moneyAt.join(' or ')}`]),
    ...(powerAt.includes(power.at)
      ? []
      : [`says that the power is ${power.at}, not ${powerAt.join(' or ')}`]),
    ...actFaults(act, truth),
  ];
}

function moneyPlaces({ takenFen, isSold, waits }: OrderTruth): MoneyAt[] {
  if (waits)
    return ['with-us', 'spent', 'going-back', 'not-given-back', 'went-back', 'cash-owed', 'not-paid'];
  if (takenFen === 0) return ['not-paid'];
  return isSold ? ['spent'] : ['went-back', 'cash-owed'];
}

function powerPlaces({ isSold, arrived, isHeard, waits }: OrderTruth): PowerAt[] {
  const unsure: PowerAt[] = waits ? ['disputed', 'being-undone'] : [];
  if (!isSold) {
    // A copy of a card may have brought what was undone.
    return [...(['not-sold', 'refused', 'undone'] as const), ...there(arrived), ...unsure];
  }
  if (isHeard && !waits) return there(arrived);
  return [...there(arrived), 'on-card', 'refused-by-meter', 'for-card', 'perhaps-on-card', ...unsure];
}

function there(arrived: OrderTruth['arrived']): PowerAt[] {
  switch (arrived) {
    case null:
      return [];
    case 'meter':
      return ['in-meter'];
    case 'account':
      return ['in-account'];
    case 'moved':
      return ['in-meter', 'in-account'];
  }
}

/** At rest nothing is waited for and nobody need be asked. */
function actFaults(
  { do: what, by }: Diagnosis['act'],
  { waits, isSold, arrived, isHeard }: OrderTruth,
): string[] {
  if (waits) return by === 'household' ? [`leaves ${what} to the household, and a person must decide`] : [];
  const vague: DiagnosisAct[] = ['wait', 'query-channel', 'query-grid'];
  if (vague.includes(what)) return [`recommends ${what}, and nothing moves`];
  const isOver = isSold && arrived !== null && isHeard;
  const mayBe: readonly DiagnosisAct[] = ['none', 'collect-cash'];
  return isOver && !mayBe.includes(what) ? [`recommends ${what}, and all is done`] : [];
}

/** What is wrong with how a diagnosis is said, or with what it recommends, whatever is true. Pure. */
export function unsaid(diagnosis: Diagnosis, allowed: readonly string[]): string[] {
  const { act, at } = diagnosis;
  const isAction = (ORDER_ACTIONS as readonly string[]).includes(act.do);
  const texts = LANGUAGES.flatMap((language) =>
    (['staff', 'household'] as const).flatMap((reader) => {
      const { sentence, act: what, because } = sayDiagnosis(diagnosis, { language, reader });
      return [
        ...(/^[^.。{}][^。{}]*[.。]$/u.test(sentence) ? [] : [`is no sentence in ${language}: ${sentence}`]),
        ...[what, because].filter((text) => text === '' || /[{}]/u.test(text)).map((text) => `says ${text}`),
      ];
    }),
  );
  return [
    ...(schema.safeParse(diagnosis).success ? [] : ['is not what the API says']),
    ...texts,
    ...(isAction && !allowed.includes(act.do) ? [`recommends ${act.do}, which is not allowed`] : []),
    ...(act.do === 'wait' && (act.until === undefined || act.until <= at) ? ['waits for nothing'] : []),
  ];
}
